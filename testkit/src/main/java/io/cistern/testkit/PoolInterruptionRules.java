package io.cistern.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.cistern.storage.Volume;
import io.cistern.storage.spi.Step;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Rules 102 and 111 where a setup, or a destruction, is interrupted at each of its steps. */
abstract class PoolInterruptionRules extends PoolLifeRules {
  @Test
  @Rule({102, 901})
  void rule102_aSetupThatDiesAtAnyStepCanBeRepeated() {
    Set<String> before = fixture().objects();
    List<Integer> steps = steps(() -> pool().setup());
    await(pool().destroy());
    for (int step : steps) {
      scenario().probe().dieBefore(step);
      String where = interrupted(pool().setup(), "setup that died before step " + step);
      scenario().crash();
      assertGoesOn(where, before);
    }
  }

  @Test
  @Rule({111, 901})
  void rule111_aDestructionThatDiesAtAnyStepCanBeRepeated() {
    Set<String> before = fixture().objects();
    await(pool().setup());
    for (int step : steps(() -> pool().destroy())) {
      await(pool().setup());
      scenario().probe().dieBefore(step);
      String where = interrupted(pool().destroy(), "destruction that died before step " + step);
      scenario().crash();
      assertDestroyed(where, before);
      assertGoesOn(where, before);
    }
  }

  @Test
  @Rule({111, 1001})
  void rule111_aDestructionThatFailsAtAnyStepCanBeRepeated() {
    Set<String> before = fixture().objects();
    await(pool().setup());
    for (int step : steps(() -> pool().destroy())) {
      await(pool().setup());
      scenario().probe().failAt(step);
      CompletableFuture<?> destruction = pool().destroy();
      String where = interrupted(destruction, "destruction with a fault at step " + step);
      scenario().probe().revive();
      if (destruction.isCompletedExceptionally()) {
        assertNamesPool(destruction, where);
        assertDestroyed(where, before);
      } else {
        assertThat(await(pool().info()).isReady()).as("%s: %s", rule(), where).isFalse();
        assertNothingIsLeft(where + ", reported done", before);
      }
      assertGoesOn(where, before);
    }
  }

  /** Does it without an interruption, and chooses some of its steps if there is no time for all. */
  private List<Integer> steps(Supplier<CompletableFuture<?>> operation) {
    scenario().probe().revive();
    await(operation.get());
    int steps = scenario().probe().count();
    Assumptions.assumeTrue(steps > 0, "skipped, the driver reports no steps");
    int stride = 1 + (steps - 1) / Math.max(1, fixture().stepsToTry());
    int first = 1 + Math.floorMod(rule().hashCode(), stride);
    return IntStream.iterate(first, step -> step <= steps, step -> step + stride).boxed().toList();
  }

  /** Waits for what is interrupted, and tells where that is. */
  private String interrupted(CompletableFuture<?> operation, String how) {
    scenario().waiting().awaitEnd(operation);
    Optional<Step> reached = scenario().probe().reached();
    return "%s (%s)".formatted(how, reached.map(Step::toString).orElse("not reached"));
  }

  /** What is still set up is destroyed by another attempt. */
  private void assertDestroyed(String where, Set<String> before) {
    if (await(pool().info()).isReady()) {
      await(pool().destroy());
      assertNothingIsLeft(where + ", repeated", before);
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
    assertNothingIsLeft(where + ", destroyed", before);
  }

  /** But for the place itself, which a setup may have made that died before it could say so. */
  private void assertNothingIsLeft(String where, Set<String> before) {
    Set<String> left = new TreeSet<>(fixture().objects());
    assertThat(left).as("%s: %s", rule(), where).containsAll(before);
    left.removeAll(before);
    leaks().expect(left.stream().filter(fixture()::isPlace).collect(Collectors.toSet()));
    left.removeIf(fixture()::isPlace);
    assertThat(left).as("%s: %s, is left", rule(), where).isEmpty();
  }
}
