package io.cistern.driver.reflink;

import io.cistern.storage.spi.Step;
import io.cistern.storage.spi.StepProbe;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Lets one step of an operation fail once; which step, and with which of its errors, is counted.
 */
final class FaultAtStep implements StepProbe {
  /** What these calls answer with when there is nothing: given falsely, it would be a lie. */
  private static final Set<String> ANSWERS = Set.of("ENOENT", "ENXIO", "ENODATA", "EEXIST");

  private static final Set<String> QUESTIONS =
      Set.of("openat", "statx", "lseek(SEEK_DATA)", "fgetxattr", "mkdirat", "flock");

  private boolean armed;
  private int stepsLeft;
  private int error;
  private Step failed;
  private Optional<String> injected = Optional.empty();

  /** Lets the step of that number fail with its error of that number, counted around. */
  synchronized void arm(int step, int errorOfStep) {
    armed = true;
    stepsLeft = step;
    error = errorOfStep;
    failed = null;
  }

  synchronized void disarm() {
    armed = false;
  }

  /** Returns the step that was made fail; empty if the operation had fewer steps. */
  synchronized Optional<Step> failed() {
    return Optional.ofNullable(failed);
  }

  @Override
  public synchronized String toString() {
    return injected + " at " + failed;
  }

  @Override
  public synchronized Optional<String> before(Step step) {
    if (!armed || stepsLeft-- > 0) {
      return Optional.empty();
    }
    armed = false;
    failed = step;
    List<String> errors = errors(step);
    injected = errors.isEmpty() ? Optional.empty() : Optional.of(errors.get(error % errors.size()));
    return injected;
  }

  /** Returns the errors that the step can fail with, apart from what is an answer. */
  static List<String> errors(Step step) {
    boolean isQuestion = QUESTIONS.contains(step.name());
    return step.errors().stream().filter(error -> !isQuestion || !ANSWERS.contains(error)).toList();
  }
}
