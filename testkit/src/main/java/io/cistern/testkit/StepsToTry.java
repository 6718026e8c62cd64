package io.cistern.testkit;

/**
 * Which steps of an operation are disturbed: all, or as many as there is time for, spread evenly.
 *
 * @param operation which
 * @param steps how many it has if nothing disturbs it, with those that are done in the background
 *     after its end
 * @param stride how far it is from one to the next
 */
record StepsToTry(String operation, int steps, int stride) {
  private static final int MOST_STEPS = 600;

  /** How many somebody has asked for, whatever there is time for. */
  private static final Integer ASKED_FOR = Integer.getInteger("cistern.test.steps");

  /** Disturbs a step, counted from 1. */
  interface Disturbance {
    /** Returns false if the operation had ended before that step. */
    boolean disturb(int step);
  }

  /**
   * Chooses them; there is at least one.
   *
   * @param most how many, if the place does not want fewer; all if the run is a thorough one, and
   *     those that were asked for, if any were
   */
  static StepsToTry of(Scenario scenario, CrashCase crash, int steps, int most) {
    int tried = ASKED_FOR != null ? ASKED_FOR : most(scenario, most);
    int stride = 1 + (steps - 1) / Math.max(1, tried);
    return new StepsToTry(crash.toString(), steps, stride);
  }

  private static int most(Scenario scenario, int most) {
    return Math.min(scenario.fixture().stepsToTry(), CrashCase.THOROUGH ? MOST_STEPS : most);
  }

  /**
   * All are disturbed, and those after them until there are no more: a disturbance may bring some.
   * One of them is, at least: if the operation had fewer steps than before, the first one.
   */
  void forEach(Disturbance disturbance) {
    if (stride == 1) {
      disturbAll(disturbance);
      return;
    }
    // Which ones are left out is another choice for each operation.
    boolean any = false;
    for (int step = 1 + Math.floorMod(operation.hashCode(), stride);
        step <= steps;
        step += stride) {
      any |= disturbance.disturb(step);
    }
    requireAny(any || disturbance.disturb(1));
  }

  private void requireAny(boolean any) {
    if (!any) {
      throw new AssertionError("%s had %d steps, and now it has none".formatted(operation, steps));
    }
  }

  private void disturbAll(Disturbance disturbance) {
    boolean any = false;
    for (int step = 1; step <= MOST_STEPS; step++) {
      boolean reached = disturbance.disturb(step);
      any |= reached;
      // What is done in the background has not always as many.
      if (!reached && step >= steps) {
        requireAny(any);
        return;
      }
    }
    throw new AssertionError("%s has no end of steps".formatted(operation));
  }
}
