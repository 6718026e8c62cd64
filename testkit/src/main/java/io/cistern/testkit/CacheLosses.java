package io.cistern.testkit;

import io.cistern.testkit.WriteLog.Entry;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * Chooses what the cache of a disk has lost when the power fails at a point of its log. All that
 * was written before the last flush is there. Of what was written since, everything is, or nothing,
 * or some of it; and where writes overlap, an earlier one may be what is there.
 */
final class CacheLosses {
  /** How likely it is that a write is kept; one after the other. */
  private static final double[] ODDS = {0.5, 0.9, 0.1};

  private final List<Entry> log;
  private final Random random;
  private final int subsets;
  private final boolean atEachWrite;
  private final List<Loss> losses = new ArrayList<>();

  /**
   * What a disk has done when the power fails.
   *
   * @param point how much of the log there was
   * @param writes what the disk has done of it, as indices in the order in which it was done
   * @param manner what has become of what was not flushed
   * @param lost what it has not done
   */
  record Loss(int point, List<Integer> writes, String manner, List<Integer> lost) {}

  private CacheLosses(List<Entry> log, Random random, boolean thorough) {
    this.log = log;
    this.random = random;
    this.subsets = thorough ? 12 : 6;
    this.atEachWrite = thorough;
  }

  /**
   * Chooses them.
   *
   * @param thorough at each write, and more of them; else at each flush, and once between two
   * @return the last ones are those at the end of the log
   */
  static List<Loss> of(List<Entry> log, Random random, boolean thorough) {
    CacheLosses chosen = new CacheLosses(log, random, thorough);
    int begin = 0;
    for (int end = 0; end <= log.size(); end++) {
      if (end == log.size() || log.get(end).isFlush()) {
        chosen.between(begin, end);
        begin = end + 1;
      }
    }
    return chosen.losses;
  }

  /** From one flush to the next, which has not ended. */
  private void between(int begin, int end) {
    if (atEachWrite) {
      for (int point = begin + 1; point < end; point++) {
        keepAll(begin, point);
        keepSome(begin, point, point);
      }
    } else if (end - begin > 1) {
      keepAll(begin, begin + 1 + random.nextInt(end - begin - 1));
    }
    keepAll(begin, end);
    if (begin < end) {
      add(begin, end, List.of(), "all lost");
      List<Integer> reversed = new ArrayList<>(range(begin, end));
      Collections.reverse(reversed);
      add(begin, end, reversed, "all done in reverse");
      for (int i = 0; i < subsets; i++) {
        keepSome(begin, end, i);
      }
    }
  }

  private void keepAll(int begin, int point) {
    add(begin, point, range(begin, point), "nothing lost");
  }

  private void keepSome(int begin, int point, int number) {
    double odds = ODDS[number % ODDS.length];
    List<Integer> kept = new ArrayList<>(range(begin, point));
    kept.removeIf(write -> random.nextDouble() >= odds);
    if (random.nextBoolean()) {
      Collections.shuffle(kept, random);
      add(begin, point, kept, "some lost, the others done in another order");
    } else {
      add(begin, point, kept, "some lost");
    }
  }

  private void add(int begin, int point, List<Integer> kept, String manner) {
    List<Integer> writes =
        new ArrayList<>(range(0, begin).stream().filter(i -> !log.get(i).isFlush()).toList());
    writes.addAll(kept);
    TreeSet<Integer> lost = new TreeSet<>(range(begin, point));
    kept.forEach(lost::remove);
    losses.add(new Loss(point, List.copyOf(writes), manner, List.copyOf(lost)));
  }

  private static List<Integer> range(int begin, int end) {
    return IntStream.range(begin, end).boxed().toList();
  }
}
