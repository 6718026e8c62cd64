package io.cistern.examples.demo;

import io.cistern.examples.Vm;
import io.cistern.examples.guest.Command;
import io.cistern.storage.BlockDevice;
import io.cistern.storage.Capability;
import io.cistern.storage.Pool;
import io.cistern.storage.PoolConfig;
import io.cistern.storage.Storage;
import io.cistern.storage.Volume;
import io.cistern.storage.VolumeConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** What the acts share: the storage, the VMs, and who tells the audience about them. */
final class Stage implements AutoCloseable {
  static final String POOL = "demo";
  static final long PRIVATE_SIZE = 64L << 20;
  static final long SWAP_SIZE = 128L << 20;
  private static final String TEMPLATE = "vm-templates/demo";

  private final DemoOptions options;
  private final Narrator narrator;
  private final CisternLog log;
  private final EventRecord events = new EventRecord();
  private final Storage storage;
  private final Map<String, Vm> vms = new LinkedHashMap<>();
  private final List<List<String>> summary = new ArrayList<>();
  private PoolTree tree;

  Stage(DemoOptions options, Narrator narrator) throws IOException {
    this.options = options;
    this.narrator = narrator;
    this.log = new CisternLog(options.log(), options.pool());
    this.storage = Storage.builder().listener(events).build();
    this.tree = new PoolTree(options.pool());
    Files.createDirectories(options.scratch());
    summary.add(List.of("", "act", "took", "operations", "these added up"));
  }

  /** Plays an act, then shows the pool and what it took. */
  void play(int number, Act act) throws IOException {
    narrator.title(number + "  " + act.title());
    log.mark();
    events.clear();
    long begin = System.nanoTime();
    act.play().play(this);
    Duration took = since(begin);
    showWarnings();
    PoolTree now = new PoolTree(options.pool());
    now.print(narrator, tree);
    tree = now;
    String operations = Integer.toString(events.count());
    String inCistern = Amounts.time(events.total());
    showUsage();
    narrator.line(
        "took %s; Cistern's %s operations add up to %s"
            .formatted(Amounts.time(took), operations, inCistern));
    summary.add(
        List.of(Integer.toString(number), act.title(), Amounts.time(took), operations, inCistern));
  }

  /** Makes {@link #showLog} begin here, and not at the begin of the act. */
  void beginLog() throws IOException {
    log.mark();
  }

  /** Prints what Cistern has logged in this act about names with this part. */
  void showLog(String part) throws IOException {
    narrator.blank();
    log.sinceMark().stream()
        .filter(line -> line.startsWith("INFO") && line.contains(part))
        .forEach(line -> narrator.line("log    " + line));
    narrator.blank();
  }

  /** Tells how full the file system is, which says something if it is the demonstration's own. */
  private void showUsage() throws IOException {
    if (!options.setupCheck() || !Files.exists(options.pool())) {
      return;
    }
    // What was written or removed counts once the file system has put it in order.
    new Command("sync", "--file-system", options.pool()).run();
    pool()
        .usage()
        .join()
        .used()
        .ifPresent(
            used ->
                narrator.line(
                    "pool.usage(): %s in use on the whole file system"
                        .formatted(Amounts.bytes(used))));
  }

  private void showWarnings() throws IOException {
    List<String> warnings =
        log.sinceMark().stream().filter(line -> !line.startsWith("INFO")).toList();
    warnings.forEach(line -> narrator.line("log    " + line));
  }

  void showIntroduction() {
    narrator.title("Cistern: the disks of virtual machines, through their whole life");
    narrator.say(
        "Each act tells what is done, the Java calls that do it, and how it turned out: a line with"
            + " [ok] was checked, and one that can't be ends the demonstration with exit code 1."
            + " Lines with log are what Cistern logged, in part; all of it is in "
            + options.log()
            + ".");
    narrator.blank();
    narrator.say(
        "Then comes the pool's directory. size: what a VM sees. du: the blocks of the file, those"
            + " it shares included. own: those that no other file shares. + is new, * changed, -"
            + " gone. Times of operations are added up, also where they ran in parallel.");
  }

  void showSummary() {
    narrator.title("Summary");
    narrator.table(summary);
    narrator.blank();
  }

  DemoOptions options() {
    return options;
  }

  Narrator narrator() {
    return narrator;
  }

  Storage storage() {
    return storage;
  }

  /** Returns the configuration of the pool. */
  PoolConfig poolConfig() {
    PoolConfig.Builder builder =
        PoolConfig.builder(POOL, "file-reflink").set("dir_path", options.pool().toString());
    if (!options.setupCheck()) {
      builder.set("setup_check", "no");
    }
    return builder.build();
  }

  Pool pool() {
    return storage.pool(POOL).orElseThrow();
  }

  /** Tells whether clones share blocks on this file system. */
  boolean clones() {
    return pool().capabilities().contains(Capability.INSTANT_CLONE);
  }

  /** Returns the template's root disk; its size comes with its content. */
  Volume template() {
    return pool().volume(VolumeConfig.origin(TEMPLATE, "root").build());
  }

  /** Declares a VM, or returns the one that is declared. */
  Vm vm(String name) {
    return vms.computeIfAbsent(
        name, key -> Vm.declare(pool(), key, template(), PRIVATE_SIZE, SWAP_SIZE));
  }

  Collection<Vm> vms() {
    return vms.values();
  }

  /** Starts VMs in parallel and prints how long each took from the common begin on. */
  void startAll(Collection<Vm> started) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("VM", "up after", "disks to attach"));
    long begin = System.nanoTime();
    started.stream()
        .map(
            vm ->
                vm.start()
                    .thenApply(
                        disks -> List.of(vm.name(), Amounts.time(since(begin)), names(disks))))
        .toList()
        .forEach(row -> rows.add(row.join()));
    narrator.table(rows);
  }

  /** Stops VMs in parallel. */
  void stopAll(Collection<Vm> stopped) {
    long begin = System.nanoTime();
    all(stopped.stream().map(Vm::stop).toList());
    narrator.line("%d VMs stopped in %s".formatted(stopped.size(), Amounts.time(since(begin))));
  }

  /** Waits for all. */
  static void all(List<? extends CompletableFuture<?>> futures) {
    CompletableFuture.allOf(futures.toArray(CompletableFuture[]::new)).join();
  }

  static Duration since(long begin) {
    return Duration.ofNanos(System.nanoTime() - begin);
  }

  @Override
  public void close() {
    storage.close();
  }

  private static String names(Vm.Disks disks) {
    return String.join(
        "  ", List.of(name(disks.root()), name(disks.privateDisk()), name(disks.swap())));
  }

  private static String name(BlockDevice device) {
    return String.valueOf(device.path().getFileName());
  }
}
