package io.cistern.testkit;

/** The two pictures that an interrupted operation may leave: that before it and that after it. */
final class Outcomes {
  private final String rule;
  private final Picture before;
  private final Picture after;
  private final boolean unpruned;
  private final boolean sessionless;

  /**
   * Allows for more than two.
   *
   * @param unpruned a commit whose pruning did not come to anything: one revision too many
   * @param sessionless no session, see {@link CrashCase#mayLeaveNoSession}
   */
  Outcomes(String rule, Picture before, Picture after, boolean unpruned, boolean sessionless) {
    this.rule = rule;
    this.before = before;
    this.after = after;
    this.unpruned = unpruned;
    this.sessionless = sessionless;
  }

  Picture after() {
    return after;
  }

  /**
   * It is the one after if that must be; else one of the two. Tells whether it is the one after.
   */
  boolean assertOutcome(String where, Picture actual, boolean mustBeDone) {
    if (mustBeDone) {
      assertDone(where, actual);
      return true;
    }
    return assertEither(where, actual);
  }

  /** It is one of the two; tells whether it is the one after. */
  boolean assertEither(String where, Picture actual) {
    boolean isBetween = sessionless && actual.equals(before.contents());
    if (!actual.equals(before) && !isAfter(actual) && !isBetween) {
      throw new AssertionError(
          "%s: %s, the volume is%n  %s%nwhich is not as before%n  %s%nand not as after%n  %s"
              .formatted(rule, where, actual, before, after));
    }
    return isAfter(actual);
  }

  /** It is the one after, since the operation was reported done. */
  private void assertDone(String where, Picture actual) {
    if (!isAfter(actual)) {
      throw new AssertionError(
          "%s: %s, the volume is%n  %s%nwhich is not as after what was reported done%n  %s"
              .formatted(rule, where, actual, after));
    }
  }

  private boolean isAfter(Picture actual) {
    return actual.equals(after) || (unpruned && actual.equals(after.withRevision(before)));
  }
}
