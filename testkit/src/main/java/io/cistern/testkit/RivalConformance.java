package io.cistern.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.cistern.storage.Volume;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Rule 106 with real processes: two other JVMs want one pool, have it in turns, and each time add
 * one to a number in a volume; whenever so many numbers were committed, one is killed with SIGKILL,
 * wherever it is: the one that has the pool, each third time the other one. No number is committed
 * twice, and none is lost.
 *
 * <p>The other JVMs have the same class path, find the driver with {@link java.util.ServiceLoader}
 * or make those of {@link PoolFixture#drivers()} with a public constructor without parameters, get
 * nothing but the fixture's configuration, and write to the device of the volume as to a file. When
 * one is killed, is random: {@code -Dcistern.test.seed=N} takes other moments.
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

  /** Returns how many numbers are committed at least, by one of the two on average. */
  protected int turns() {
    return 20;
  }

  /** Returns how many are killed, between which equally many numbers are committed at least. */
  protected int kills() {
    return 6;
  }

  /**
   * Returns how long one is let live at most when enough numbers were committed, in milliseconds:
   * longer than a turn takes.
   */
  protected int longestLife() {
    return 300;
  }

  @Test
  @Rule({106, 305, 901})
  final void rule106_twoProcessesHaveThePoolInTurnsAlsoIfOneIsKilled() throws Exception {
    ready();
    Volume root = origin("root");
    await(root.create());
    scenario().close();
    Race race =
        new Race(
            scenario(),
            new RivalOrder(
                new ArrayList<>(DriverClasses.of(fixture())),
                new HashMap<>(fixture().config().asMap()),
                new HashMap<>(root.config().asMap())));
    try (race) {
      race.run(2 * turns(), kills(), longestLife());
    }
    scenario().reopen();
    check(race, scenario().again(root));
  }

  private void check(Race race, Volume volume) throws IOException {
    race.all()
        .forEach(
            rival -> assertThat(rival.committed()).as("%s: of one process", rule()).isSorted());
    List<Long> committed = race.committed();
    assertThat(committed).as("%s: numbers of all", rule()).doesNotHaveDuplicates();
    assertThat(race.all().stream().mapToInt(Rival::refusals).sum())
        .as("%s: refusals", rule())
        .isPositive();
    long last =
        ByteBuffer.wrap(fixture().read(await(volume.start()).path(), 0, Long.BYTES)).getLong();
    // Who was killed may have written, or committed, what it could not tell any more.
    assertThat(last)
        .as("%s: what the volume has in the end", rule())
        .isBetween(
            committed.stream().mapToLong(Long::longValue).max().orElseThrow(),
            (long) committed.size() + kills());
    await(volume.stop());
  }
}
