package io.cistern.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.cistern.storage.Volume;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Rule 106 with real processes: two other JVMs want one pool, have it in turns, and each time add
 * one to a number in a volume; now and then one is killed with SIGKILL, wherever it is. No number
 * is committed twice, and none is lost.
 *
 * <p>The other JVMs have the same class path, find the driver with {@link java.util.ServiceLoader},
 * get nothing but the fixture's configuration, and write to the device of the volume as to a file.
 * When one is killed, is random: {@code -Dcistern.test.seed=N} takes other moments.
 */
public abstract class RivalConformance extends ConformanceTest {
  /** Allows subclasses. */
  protected RivalConformance() {}

  /**
   * Makes a fresh, empty place.
   *
   * @throws Exception if it can't be made, which fails the test
   */
  @Override
  protected abstract PoolFixture newPool() throws Exception;

  /** Returns how many turns each of the two has. */
  protected int turns() {
    return 20;
  }

  /** Returns how many are killed. */
  protected int kills() {
    return 6;
  }

  /** Returns how long one is let live at most before it is killed, in milliseconds. */
  protected int longestLife() {
    return 1500;
  }

  @Test
  @Rule({106, 305, 901})
  final void rule106_twoProcessesHaveThePoolInTurnsAlsoIfOneIsKilled() throws Exception {
    ready();
    Volume root = origin("root");
    await(root.create());
    scenario().close();
    RivalOrder order =
        new RivalOrder(
            new HashMap<>(fixture().config().asMap()),
            new HashMap<>(root.config().asMap()),
            turns());
    List<Rival> all = new ArrayList<>();
    try {
      race(order, all);
    } finally {
      all.forEach(Rival::close);
    }
    scenario().reopen();
    check(all, scenario().again(root));
  }

  private void race(RivalOrder order, List<Rival> all) throws IOException, InterruptedException {
    Random random = new Random(Scenario.SEED);
    List<Rival> living = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      living.add(Rival.start(order));
    }
    all.addAll(living);
    for (int kill = 0; kill < kills(); kill++) {
      Thread.sleep(1 + random.nextInt(longestLife()));
      int which = random.nextInt(living.size());
      Rival next = living.get(which).killAndReplace();
      living.set(which, next);
      all.add(next);
    }
    for (Rival rival : living) {
      assertThat(rival.await(fixture().patience().toSeconds()))
          .as("%s: how it ended, see %s", rule(), JavaProcess.ERRORS)
          .isZero();
    }
  }

  private void check(List<Rival> all, Volume volume) throws IOException {
    List<Long> committed = new ArrayList<>();
    for (Rival rival : all) {
      assertThat(rival.committed()).as("%s: of one process", rule()).isSorted();
      committed.addAll(rival.committed());
    }
    assertThat(committed).as("%s: numbers of all", rule()).doesNotHaveDuplicates();
    assertThat(committed).as(rule()).hasSize(2 * turns());
    assertThat(all.stream().mapToInt(Rival::refusals).sum())
        .as("%s: refusals", rule())
        .isPositive();
    long last =
        ByteBuffer.wrap(fixture().read(await(volume.start()).path(), 0, Long.BYTES)).getLong();
    // Who was killed may have written, or committed, what it could not tell any more.
    assertThat(last)
        .as("%s: what the volume has in the end", rule())
        .isBetween(
            committed.stream().mapToLong(Long::longValue).max().orElseThrow(),
            2L * turns() + kills());
    await(volume.stop());
  }
}
