package io.cistern.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/**
 * Makes a list that fails shorter, by delta debugging: takes parts out, halves first and single
 * elements last, and goes on with what fails still (A. Zeller, R. Hildebrandt: Simplifying and
 * Isolating Failure-Inducing Input, 2002).
 */
final class Shrinking {
  private Shrinking() {}

  /**
   * Returns a shorter list that fails, or the same.
   *
   * @param fails tells whether a list fails still
   * @param mayGoOn asked before each try; the best so far is the result when it says no
   */
  static <T> List<T> shrink(List<T> failing, Predicate<List<T>> fails, BooleanSupplier mayGoOn) {
    List<T> best = failing;
    int length = Math.max(1, failing.size() / 2);
    while (true) {
      int before = best.size();
      best = withoutParts(best, length, fails, mayGoOn);
      if (!mayGoOn.getAsBoolean() || (length == 1 && best.size() == before)) {
        return best;
      }
      length = Math.max(1, length / 2);
    }
  }

  /** Takes out each part of this length that is not needed, the last first. */
  private static <T> List<T> withoutParts(
      List<T> failing, int length, Predicate<List<T>> fails, BooleanSupplier mayGoOn) {
    List<T> best = failing;
    for (int end = best.size(); end > 0 && mayGoOn.getAsBoolean(); end -= length) {
      List<T> shorter = new ArrayList<>(best.subList(0, Math.max(0, end - length)));
      shorter.addAll(best.subList(end, best.size()));
      if (fails.test(shorter)) {
        best = shorter;
      }
    }
    return best;
  }
}
