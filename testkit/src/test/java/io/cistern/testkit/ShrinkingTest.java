package io.cistern.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ShrinkingTest {
  private static final List<Integer> ALL = IntStream.range(0, 100).boxed().toList();

  @Test
  void whatIsNotNeededToFailIsLeftOut() {
    List<Integer> needed = List.of(3, 50, 51, 99);
    AtomicInteger tries = new AtomicInteger();
    List<Integer> shrunk =
        Shrinking.shrink(
            ALL,
            part -> {
              tries.incrementAndGet();
              return part.containsAll(needed);
            },
            () -> true);
    assertThat(shrunk).isEqualTo(needed);
    assertThat(tries).hasValueLessThan(100);
  }

  @Test
  void theBestSoFarIsTheResultWhenThereIsNoMoreTime() {
    AtomicInteger tries = new AtomicInteger();
    List<Integer> shrunk =
        Shrinking.shrink(
            ALL,
            part -> {
              tries.incrementAndGet();
              return part.contains(99);
            },
            () -> tries.get() < 2);
    assertThat(shrunk).contains(99).hasSizeLessThan(ALL.size());
  }

  @Test
  void whatFailsWithoutAnythingIsEmpty() {
    assertThat(Shrinking.shrink(ALL, part -> true, () -> true)).isEmpty();
  }
}
