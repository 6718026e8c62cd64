package io.cistern.testkit;

import io.cistern.storage.Volume;
import io.cistern.storage.spi.Step;
import io.cistern.testkit.CacheLosses.Loss;
import io.cistern.testkit.WriteLog.Entry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Logs what the disk is told during an operation, and makes of it what its cache may have lost. */
final class WriteLogRun extends PowerLossRun {
  /** Of how many disks one boots where there is not the time for all. */
  private static final int MOST_DISKS = 30;

  private final WriteLog power;

  /** Which step was about to be done when there was so much in the log. */
  private final TreeMap<Integer, String> steps = new TreeMap<>();

  private List<Entry> log = List.of();
  private int reportedDone;
  private boolean syncIsMissing;
  private int step;
  private boolean ended;
  private int losses;
  private int different;

  WriteLogRun(Scenario scenario, WriteLog power, CrashCase crash) {
    super(scenario, power, crash);
    this.power = power;
  }

  private final class Lost implements Disk {
    private final int number;
    private final Loss loss;

    Lost(int number, Loss loss) {
      this.number = number;
      this.loss = loss;
    }

    @Override
    public int number() {
      return number;
    }

    @Override
    public boolean isDone() {
      return loss.point() >= reportedDone;
    }

    @Override
    public String when() {
      return "%s, %d of %d in the disk's log, of what was not flushed %s%s"
          .formatted(
              isDone() ? "after it was reported done" : steps.floorEntry(loss.point()).getValue(),
              loss.point(),
              log.size(),
              loss.manner(),
              loss.lost().stream()
                  .map(write -> "%n  lost %d, %s".formatted(write, log.get(write)))
                  .collect(Collectors.joining()));
    }
  }

  /** The kernel need not do the same at the same time again, but most often does. */
  @Override
  String repetition() {
    String thorough = CrashCase.THOROUGH ? " -Dcistern.test.thorough=true" : "";
    return "%nrepeated with -Dcistern.test.seed=%d -Dcistern.test.crash='%s'%s"
        .formatted(Scenario.SEED, crash(), thorough);
  }

  @Override
  void begin(CrashBaseline baseline, boolean missing) {
    syncIsMissing = missing;
    try {
      power.begin();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    steps.put(0, "before the first step");
    scenario().probe().doBeforeEach(this::note);
  }

  private synchronized void note(Step next) {
    if (!ended) {
      step++;
      steps.put(entries().size(), "in step %d (%s) or right before it".formatted(step, next));
    }
  }

  @Override
  void operate(Volume volume) {
    await(volume);
    noteDone();
    scenario().awaitBackground();
    end();
  }

  private synchronized void noteDone() {
    reportedDone = entries().size();
  }

  private synchronized void end() {
    ended = true;
    log = entries();
  }

  private List<Entry> entries() {
    try {
      return power.entries();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  List<Lost> disks() {
    Random random = new Random(Scenario.SEED + crash().toString().hashCode());
    // All that there are would take days, one missing sync after the other.
    boolean thorough = CrashCase.THOROUGH && !syncIsMissing;
    List<Loss> all = losses(random, thorough);
    Map<Integer, Lost> disks = new LinkedHashMap<>();
    for (Loss loss : all) {
      int number = cut(loss);
      // Of those that are the same, the last one tells whether it was reported done.
      disks.remove(number);
      disks.put(number, new Lost(number, loss));
    }
    losses = all.size();
    different = disks.size();
    List<Lost> chosen = selected(List.copyOf(disks.values()), thorough);
    if (syncIsMissing) {
      // Most often that is shown by one of the last.
      Collections.reverse(chosen);
    }
    return chosen;
  }

  /** Those at the moment when it was reported done come first of what is in the background. */
  private List<Loss> losses(Random random, boolean thorough) {
    List<Loss> all =
        new ArrayList<>(CacheLosses.of(log.subList(0, reportedDone), random, thorough));
    CacheLosses.of(log, random, thorough).stream()
        .filter(loss -> loss.point() > reportedDone)
        .forEach(all::add);
    return all;
  }

  /** What comes in the background must not hide what was not durable when it was done. */
  private List<Lost> selected(List<Lost> all, boolean thorough) {
    int most = thorough ? Integer.MAX_VALUE : MOST_DISKS;
    List<Lost> chosen = evenly(all, Math.min(most, scenario().fixture().stepsToTry()));
    Optional<Lost> whenDone =
        all.stream()
            .filter(disk -> disk.loss.point() == reportedDone)
            .max(Comparator.comparingInt(disk -> disk.loss.lost().size()));
    return Stream.concat(chosen.stream(), whenDone.stream())
        .distinct()
        .collect(Collectors.toCollection(ArrayList::new));
  }

  private int cut(Loss loss) {
    try {
      return power.cut(loss.writes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String toString() {
    return "%s, %d writes and %d flushes, %d losses, %d different disks, %s"
        .formatted(
            step == 0 ? "no steps are told" : step + " steps",
            log.stream().filter(entry -> !entry.isFlush()).count(),
            log.stream().filter(Entry::isFlush).count(),
            losses,
            different,
            booted());
  }
}
