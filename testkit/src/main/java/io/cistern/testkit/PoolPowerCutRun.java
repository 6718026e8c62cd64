package io.cistern.testkit;

import io.cistern.storage.Pool;
import io.cistern.storage.Volume;
import io.cistern.storage.VolumeConfig;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/**
 * Cuts the power before each step of a setup or a destruction, and when it was reported done; boots
 * from what the disk held then, and does it again. Needs a place of its own.
 */
final class PoolPowerCutRun {
  /** What is cut short. */
  enum Operation {
    SETUP,
    DESTROY;

    private CompletableFuture<?> run(Pool pool) {
      return this == SETUP ? pool.setup() : pool.destroy();
    }

    @Override
    public String toString() {
      return this == SETUP ? "setup" : "destroy";
    }
  }

  private final Scenario scenario;
  private final PowerSupply power;
  private final Operation operation;

  private final PowerCuts cuts;
  private int booted;
  private int ready;

  PoolPowerCutRun(Scenario scenario, PowerSupply power, Operation operation) {
    this.scenario = scenario;
    this.power = power;
    this.cuts = new PowerCuts(power);
    this.operation = operation;
  }

  void run() {
    Set<String> before = Set.copyOf(scenario.fixture().objects());
    if (operation == Operation.DESTROY) {
      scenario.waiting().await(scenario.pool().setup());
    }
    scenario.probe().doBeforeEach(cuts::before);
    scenario.waiting().await(operation.run(scenario.pool()));
    cuts.atTheEnd();
    cuts.end();
    scenario.probe().revive();
    scenario.close();
    for (int disk : chosen()) {
      String where = "%s, power cut %s".formatted(operation, cuts.when(disk));
      scenario.check(
          where, "the pool does not go on", () -> boot(where, disk, cuts.isDone(disk), before));
    }
  }

  /**
   * The first is among them: what was there before a destruction is durable, or it tells nothing.
   */
  private List<Integer> chosen() {
    List<Integer> all = cuts.disks();
    List<Integer> some = PowerLossRun.evenly(all, scenario.fixture().stepsToTry());
    return Stream.concat(all.stream().limit(1), some.stream()).distinct().toList();
  }

  private void boot(String where, int disk, boolean isDone, Set<String> before) {
    try {
      power.boot(disk);
    } catch (IOException e) {
      throw new AssertionError("the place does not come back: " + e, e);
    }
    booted++;
    scenario.reopen();
    boolean isReady = scenario.waiting().await(scenario.pool().info()).isReady();
    ready += isReady ? 1 : 0;
    if (isDone && isReady != (operation == Operation.SETUP)) {
      throw new AssertionError(
          "903: the pool is%s set up".formatted(isReady ? " still" : " not, or not any more,"));
    }
    boolean isUntouched = !isDone && disk == cuts.disks().get(0);
    if (!isReady && isUntouched && operation == Operation.DESTROY) {
      throw new AssertionError("903: the pool that was set up before is not any more");
    }
    if (isReady && operation == Operation.DESTROY) {
      scenario.waiting().await(scenario.pool().destroy());
    }
    useAndDestroy();
    assertNothingIsLeft(where, before);
    scenario.close();
  }

  private void useAndDestroy() {
    Waiting waiting = scenario.waiting();
    Pool pool = scenario.pool();
    waiting.await(pool.setup());
    Volume volume =
        pool.volume(VolumeConfig.origin(CrashCase.VM, "root").size(CrashCase.SIZE).build());
    waiting.await(volume.create());
    waiting.await(volume.start());
    waiting.await(volume.stop());
    waiting.await(volume.remove());
    waiting.await(pool.destroy());
  }

  /** But for the place itself, which the setup may have made before it could say so. */
  private void assertNothingIsLeft(String where, Set<String> before) {
    Set<String> left = new TreeSet<>(scenario.fixture().objects());
    left.removeAll(before);
    left.removeIf(scenario.fixture()::isPlace);
    if (!left.isEmpty()) {
      throw new AssertionError("904: %s, there is still %s".formatted(where, left));
    }
  }

  @Override
  public String toString() {
    return "%d steps, %d different disks, %d booted, of which the pool was set up on %d"
        .formatted(cuts.steps(), cuts.disks().size(), booted, ready);
  }
}
