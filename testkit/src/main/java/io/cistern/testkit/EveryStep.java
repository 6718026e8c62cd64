package io.cistern.testkit;

import io.cistern.storage.StorageException;
import io.cistern.storage.Volume;
import io.cistern.storage.VolumeState;
import io.cistern.storage.spi.Step;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.junit.jupiter.api.Assumptions;

/**
 * Repeats an operation, each time on a new volume and each time interrupted one step later, until
 * it is interrupted no more: by the death of the process (rule 901), or by one fault (rule 1001).
 * Each time the volume must be as it was before the operation, or as it is after it, and go on
 * working.
 */
final class EveryStep {
  private static final int MOST_STEPS = 600;

  /** Declares a volume and brings it into the state that the operation begins with. */
  interface Preparation {
    Volume prepare(String name);
  }

  private final Scenario scenario;
  private final String operation;
  private final Preparation preparation;
  private final Function<Volume, CompletableFuture<?>> operate;
  private boolean unpruned;

  /** How many steps the operation has. */
  private int steps;

  EveryStep(
      Scenario scenario,
      String operation,
      Preparation preparation,
      Function<Volume, CompletableFuture<?>> operate) {
    this.scenario = scenario;
    this.operation = operation;
    this.preparation = preparation;
    this.operate = operate;
  }

  /** Allows for a death between a commit and its pruning, which leaves one revision too many. */
  EveryStep mayLeaveUnpruned() {
    unpruned = true;
    return this;
  }

  /** Lets the process die before each step. */
  void dies() {
    Picture before = pictureBefore();
    Picture after = pictureAfter();
    int stride = stride();
    for (int step = firstStep(stride); step < MOST_STEPS; step += stride) {
      Volume volume = preparation.prepare("die" + step);
      scenario.probe().dieBefore(step);
      scenario.waiting().awaitEnd(operate.apply(volume));
      Optional<Step> death = scenario.probe().reached();
      scenario.crash();
      Volume again = scenario.again(volume);
      String where = where("killed before", step, death);
      Picture actual = Picture.of(scenario, again);
      check(where, actual, death.isEmpty() ? after : before, after);
      goesOn(where, again, actual);
      if (death.isEmpty()) {
        Assumptions.assumeTrue(steps > 0, "skipped, the driver reports no steps");
        return;
      }
    }
    throw new AssertionError("%s: %s does not end".formatted(scenario.rule(), operation));
  }

  /**
   * Lets one step fail, each in turn. If the operation fails by that, even if it had got as far as
   * the switch, it is repeated at once, and must succeed.
   */
  void failsAndIsRepeated() {
    eachFails(
        (where, volume, before, after) -> {
          check(where, Picture.ofContents(scenario, volume), before.contents(), after.contents());
          scenario.waiting().await(operate.apply(volume));
          assertDone(where + ", then repeated", volume, after);
        });
  }

  /** The same of an operation that must have changed nothing if it fails. */
  void failsWithoutChange() {
    eachFails(
        (where, volume, before, after) -> {
          VolumeState state = scenario.waiting().await(volume.state());
          if (state != VolumeState.STOPPED) {
            throw new AssertionError(
                "%s: %s, it failed, and the volume is %s".formatted(scenario.rule(), where, state));
          }
          check(where, Picture.of(scenario, volume), before, before);
          scenario.waiting().await(operate.apply(volume));
          assertDone(where + ", then repeated", volume, after);
        });
  }

  /** What is done with a volume on which the operation has failed. */
  private interface Aftermath {
    void check(String where, Volume volume, Picture before, Picture after);
  }

  private void eachFails(Aftermath aftermath) {
    Picture before = pictureBefore();
    Picture after = pictureAfter();
    int stride = stride();
    for (int step = firstStep(stride); step < MOST_STEPS; step += stride) {
      Volume volume = preparation.prepare("fail" + step);
      scenario.probe().failAt(step);
      CompletableFuture<?> first = operate.apply(volume);
      scenario.waiting().awaitEnd(first);
      Optional<Step> fault = scenario.probe().reached();
      scenario.probe().revive();
      String where = where("with a fault at", step, fault);
      if (first.isCompletedExceptionally() && fault.isPresent()) {
        assertExplained(where, first, volume);
        aftermath.check(where, volume, before, after);
      } else {
        scenario.waiting().await(first);
        assertDone(where, volume, after);
      }
      if (fault.isEmpty()) {
        Assumptions.assumeTrue(steps > 0, "skipped, the driver reports no steps");
        return;
      }
    }
    throw new AssertionError("%s: %s does not end".formatted(scenario.rule(), operation));
  }

  private void assertExplained(String where, CompletableFuture<?> first, Volume volume) {
    Throwable failure = scenario.waiting().failureOf(first);
    if (!(failure instanceof StorageException refusal)
        || !String.valueOf(refusal.getMessage()).contains(volume.id().toString())) {
      throw new AssertionError(
          "%s: %s, it fails without naming the volume: %s"
              .formatted(scenario.rule(), where, failure),
          failure);
    }
  }

  private void assertDone(String where, Volume volume, Picture after) {
    scenario.reopen();
    Volume again = scenario.again(volume);
    Picture actual = Picture.of(scenario, again);
    check(where, actual, after, after);
    goesOn(where, again, actual);
  }

  /** Which steps are left out, where not all are tried, is another choice for each rule. */
  private int firstStep(int stride) {
    return 1 + Math.floorMod(scenario.rule().hashCode(), stride);
  }

  private int stride() {
    int tried = Math.max(1, scenario.fixture().stepsToTry());
    return 1 + (steps - 1) / tried;
  }

  private Picture pictureBefore() {
    Volume volume = preparation.prepare("before");
    scenario.reopen();
    return Picture.of(scenario, scenario.again(volume));
  }

  private Picture pictureAfter() {
    Volume volume = preparation.prepare("after");
    scenario.probe().revive();
    scenario.waiting().await(operate.apply(volume));
    steps = scenario.probe().count();
    scenario.reopen();
    return Picture.of(scenario, scenario.again(volume));
  }

  private void check(String where, Picture actual, Picture one, Picture other) {
    new Outcomes(scenario.rule(), one, other, unpruned, false).assertEither(where, actual);
  }

  private void goesOn(String where, Volume volume, Picture picture) {
    new Continuation(scenario).check(where, volume, picture);
  }

  private String where(String how, int step, Optional<Step> reached) {
    return "%s %s step %d (%s)"
        .formatted(operation, how, step, reached.map(Step::toString).orElse("not reached"));
  }
}
