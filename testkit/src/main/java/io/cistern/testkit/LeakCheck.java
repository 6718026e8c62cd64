package io.cistern.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Pipe;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Compares what a test has left with what was there before it. */
final class LeakCheck {
  private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
  private static final Duration DESCRIPTOR_PATIENCE = Duration.ofSeconds(3);
  private static final long PAUSE_NANOS = 20_000_000;
  private static final List<String> UNRELATED =
      List.of(
          "/dev/null", "/dev/pts", "/dev/tty", "/dev/random", "/dev/urandom", "/proc/", "/sys/");

  /** The JVM's own, and those of libraries that keep what they have for the next one who asks. */
  private static final List<String> UNRELATED_THREADS =
      List.of(
          "process reaper",
          "ForkJoinPool",
          "CompletableFutureDelayScheduler",
          "Cleaner",
          "Common-Cleaner",
          "JNA Cleaner",
          "Finalizer",
          "Reference Handler",
          "Signal Dispatcher",
          "Attach Listener",
          "junit-",
          "surefire-");

  static {
    // What the JDK opens once for all channels is no leak of whoever opens the first one.
    try {
      Pipe pipe = Pipe.open();
      pipe.sink().close();
      pipe.source().close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private final PoolFixture fixture;
  private final String rule;
  private final Set<String> objects;
  private final Set<Thread> threads;
  private final Set<ProcessHandle> processes;
  private final List<String> descriptors;
  private Set<String> planted = Set.of();
  private Set<String> expected = Set.of();

  LeakCheck(PoolFixture fixture, String rule) {
    this.fixture = fixture;
    this.rule = rule;
    this.objects = Set.copyOf(fixture.objects());
    this.threads = threads();
    this.processes = processes();
    this.descriptors = descriptors();
  }

  /** Plants foreign objects; those are to be left. */
  void plantForeign(String vid) throws IOException {
    Set<String> before = fixture.objects();
    fixture.plantForeign(vid);
    planted =
        Stream.concat(planted.stream(), fixture.objects().stream())
            .filter(object -> !before.contains(object) || planted.contains(object))
            .collect(Collectors.toSet());
  }

  /** Has objects pass that may be left, and may not. */
  void expect(Set<String> left) {
    expected = Set.copyOf(left);
  }

  /**
   * To be called when every storage is closed.
   *
   * @param died whether a death was simulated: a process that really dies has no descriptors, while
   *     here those are left that it had open at that moment
   */
  void check(boolean died) {
    checkThreadsAndProcesses();
    if (!died) {
      checkDescriptors("at the end");
    }
    assertThat(leftObjects())
        .as("%s: what is left when all volumes are removed and the pools destroyed", rule)
        .isEmpty();
    assertThat(fixture.objects()).as("%s: removed though not made", rule).containsAll(objects);
  }

  /** The same of what has nothing to do with the place, while the test goes on. */
  void checkProcess(String where) {
    checkThreadsAndProcesses();
    checkDescriptors(where);
  }

  /** The JDK closes the pipes of a process some time after its end. */
  private void checkDescriptors(String where) {
    long end = System.nanoTime() + DESCRIPTOR_PATIENCE.toNanos();
    while (!newDescriptors().isEmpty() && System.nanoTime() < end) {
      LockSupport.parkNanos(PAUSE_NANOS);
    }
    assertThat(newDescriptors()).as("%s: %s, descriptors left open", rule, where).isEmpty();
  }

  private void checkThreadsAndProcesses() {
    Waiting waiting = new Waiting(rule, fixture.patience());
    waiting.until(
        "the end of the threads %s of a storage that is closed".formatted(newThreads()),
        () -> newThreads().isEmpty());
    waiting.until(
        "the end of the processes %s".formatted(newProcesses()), () -> newProcesses().isEmpty());
  }

  private Set<String> leftObjects() {
    Set<String> left = new TreeSet<>(fixture.objects());
    left.removeAll(objects);
    left.removeAll(expected);
    left.removeIf(
        object ->
            planted.stream()
                .anyMatch(name -> name.equals(object) || name.startsWith(object + "/")));
    return left;
  }

  private Set<String> newThreads() {
    return threads().stream()
        .filter(thread -> !threads.contains(thread))
        .map(Thread::getName)
        .collect(Collectors.toSet());
  }

  private Set<ProcessHandle> newProcesses() {
    Set<ProcessHandle> added = processes();
    added.removeAll(processes);
    return added;
  }

  private static Set<ProcessHandle> processes() {
    return ProcessHandle.current().children().collect(Collectors.toCollection(HashSet::new));
  }

  private static Set<Thread> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> UNRELATED_THREADS.stream().noneMatch(thread.getName()::startsWith))
        .collect(Collectors.toCollection(HashSet::new));
  }

  private List<String> newDescriptors() {
    List<String> added = descriptors();
    descriptors.forEach(added::remove);
    return added;
  }

  /** Where the descriptors lead that this process has open; nothing where there is no /proc. */
  private static List<String> descriptors() {
    List<String> targets = new ArrayList<>();
    try (Stream<Path> links = Files.list(DESCRIPTORS)) {
      for (Path link : (Iterable<Path>) links::iterator) {
        target(link).ifPresent(targets::add);
      }
    } catch (IOException e) {
      return targets;
    }
    return targets;
  }

  private static Optional<String> target(Path link) {
    try {
      String target = Files.readSymbolicLink(link).toString();
      boolean unrelated =
          UNRELATED.stream().anyMatch(target::startsWith)
              || target.endsWith(".jar")
              || target.startsWith(System.getProperty("java.home"));
      return unrelated ? Optional.empty() : Optional.of(target);
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
