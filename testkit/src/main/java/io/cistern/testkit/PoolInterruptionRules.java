package io.cistern.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.cistern.storage.StorageException;
import io.cistern.storage.Volume;
import io.cistern.storage.spi.Step;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Rules 102 and 111 where a setup, or a destruction, is interrupted at each of its steps. */
abstract class PoolInterruptionRules extends PoolLifeRules {
  private static final int MOST_STEPS = 600;

  @Test
  @Rule({102, 901})
  void rule102_aSetupThatDiesAtAnyStepCanBeRepeated() {
    Set<String> before = fixture().objects();
    for (int step = 1; step < MOST_STEPS; step++) {
      scenario().probe().dieBefore(step);
      CompletableFuture<?> setup = pool().setup();
      scenario().waiting().awaitEnd(setup);
      Optional<Step> death = scenario().probe().reached();
      String where = where("setup that died before", step, death);
      scenario().crash();
      assertGoesOn(where, before);
      if (isOver(step, death)) {
        return;
      }
    }
    throw new AssertionError(rule() + ": setup does not end");
  }

  @Test
  @Rule({111, 901})
  void rule111_aDestructionThatDiesAtAnyStepCanBeRepeated() {
    Set<String> before = fixture().objects();
    for (int step = 1; step < MOST_STEPS; step++) {
      await(pool().setup());
      scenario().probe().dieBefore(step);
      scenario().waiting().awaitEnd(pool().destroy());
      Optional<Step> death = scenario().probe().reached();
      String where = where("destruction that died before", step, death);
      scenario().crash();
      assertDestroyed(where, before);
      assertGoesOn(where, before);
      if (isOver(step, death)) {
        return;
      }
    }
    throw new AssertionError(rule() + ": the destruction does not end");
  }

  @Test
  @Rule({111, 1001})
  void rule111_aDestructionThatFailsAtAnyStepCanBeRepeated() {
    Set<String> before = fixture().objects();
    for (int step = 1; step < MOST_STEPS; step++) {
      await(pool().setup());
      scenario().probe().failAt(step);
      CompletableFuture<?> destruction = pool().destroy();
      scenario().waiting().awaitEnd(destruction);
      Optional<Step> fault = scenario().probe().reached();
      scenario().probe().revive();
      String where = where("destruction with a fault at", step, fault);
      if (destruction.isCompletedExceptionally()) {
        assertThat(scenario().waiting().failureOf(destruction))
            .as("%s: %s", rule(), where)
            .isInstanceOf(StorageException.class)
            .hasMessageContaining(pool().name());
      }
      assertDestroyed(where, before);
      assertGoesOn(where, before);
      if (isOver(step, fault)) {
        return;
      }
    }
    throw new AssertionError(rule() + ": the destruction does not end");
  }

  private static String where(String what, int step, Optional<Step> reached) {
    return "%s step %d (%s)".formatted(what, step, reached.map(Step::toString).orElse("its end"));
  }

  private static boolean isOver(int step, Optional<Step> reached) {
    Assumptions.assumeTrue(step > 1 || reached.isPresent(), "skipped, the driver reports no steps");
    return reached.isEmpty();
  }

  /** What is still set up is destroyed by another attempt. */
  private void assertDestroyed(String where, Set<String> before) {
    if (await(pool().info()).isReady()) {
      await(pool().destroy());
      assertThat(fixture().objects()).as("%s: %s, repeated", rule(), where).isEqualTo(before);
    }
  }

  /** The pool can be set up and used, and goes as a whole. */
  private void assertGoesOn(String where, Set<String> before) {
    await(pool().setup());
    Content content = content();
    Volume volume = origin("root", content);
    assertContent(volume, content);
    await(volume.remove());
    await(pool().destroy());
    assertThat(fixture().objects()).as("%s: %s, destroyed", rule(), where).isEqualTo(before);
  }
}
