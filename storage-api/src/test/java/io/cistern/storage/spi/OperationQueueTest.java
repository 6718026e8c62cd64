package io.cistern.storage.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OperationQueueTest {
  private final OperationQueue queue = new OperationQueue();
  private final ExecutorService threads = Executors.newFixedThreadPool(8);
  private final List<String> order = Collections.synchronizedList(new ArrayList<>());

  @AfterEach
  void endThreads() {
    threads.shutdownNow();
  }

  @Test
  void theFirstTurnIsTakenAtOnceAndTheNextWhenItIsDone() {
    List<Runnable> dones = new ArrayList<>();
    queue.add(dones::add);
    queue.add(dones::add);
    assertThat(dones).hasSize(1);

    dones.get(0).run();
    assertThat(dones).hasSize(2);
    dones.get(1).run();
    queue.add(dones::add);

    assertThat(dones).hasSize(3);
  }

  @Test
  void turnsOfManyThreadsAreTakenOneAtATimeAndEachThreadsInItsOrder() {
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    AtomicInteger ended = new AtomicInteger();
    ConcurrentHashMap<Integer, List<Integer>> seen = new ConcurrentHashMap<>();
    for (int i = 0; i < 8; i++) {
      int adder = i;
      seen.put(adder, Collections.synchronizedList(new ArrayList<>()));
      threads.execute(
          () -> {
            for (int n = 0; n < 500; n++) {
              int number = n;
              queue.add(
                  done ->
                      threads.execute(
                          () -> {
                            most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                            seen.get(adder).add(number);
                            inside.decrementAndGet();
                            done.run();
                            ended.incrementAndGet();
                          }));
            }
          });
    }

    await().untilAtomic(ended, org.hamcrest.Matchers.is(8 * 500));
    assertThat(most).hasValue(1);
    assertThat(seen.values()).allSatisfy(list -> assertThat(list).isSorted().hasSize(500));
  }

  @Test
  void turnsThatEndAtOnceFollowEachOtherInOrder() {
    List<Runnable> first = new ArrayList<>();
    queue.add(first::add);
    for (int i = 0; i < 3; i++) {
      String name = "turn " + i;
      queue.add(
          done -> {
            order.add(name);
            done.run();
          });
    }

    first.get(0).run();

    assertThat(order).containsExactly("turn 0", "turn 1", "turn 2");
  }

  @Test
  void aTurnThatCannotBeTakenDoesNotKeepTheNextOut() {
    assertThatThrownBy(
            () ->
                queue.add(
                    done -> {
                      throw new IllegalStateException("a bug");
                    }))
        .hasMessage("a bug");

    queue.add(done -> order.add("next"));

    assertThat(order).containsExactly("next");
  }
}
