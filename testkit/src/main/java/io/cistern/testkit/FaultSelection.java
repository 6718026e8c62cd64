package io.cistern.testkit;

import io.cistern.storage.spi.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Which errors the steps of all operations of a suite fail with. Each sort of step goes through its
 * errors by turns, so that in the end each was given somewhere.
 */
final class FaultSelection {
  private final Map<String, Integer> turns = new TreeMap<>();
  private final Map<String, Set<String>> given = new TreeMap<>();

  /** Returns what can go wrong with a step, of which some move bytes. */
  static List<String> possible(Step step, Set<String> transfers) {
    List<String> all = new ArrayList<>(step.errors());
    if (transfers.contains(step.name())) {
      all.add(ScriptedProbe.SHORT_TRANSFER);
    }
    return all;
  }

  /** Returns the error whose turn it is; empty if nothing can go wrong with the step. */
  synchronized Optional<String> next(Step step, Set<String> transfers) {
    List<String> possible = possible(step, transfers);
    if (possible.isEmpty()) {
      return Optional.empty();
    }
    int turn = turns.merge(step.name(), 1, Integer::sum) - 1;
    return took(step, possible.get(turn % possible.size()));
  }

  /** Returns the error of this number, counted from 0; empty if there are not so many. */
  synchronized Optional<String> numbered(Step step, Set<String> transfers, int number) {
    List<String> possible = possible(step, transfers);
    return number < possible.size() ? took(step, possible.get(number)) : Optional.empty();
  }

  private Optional<String> took(Step step, String error) {
    given.computeIfAbsent(step.name(), name -> new TreeSet<>()).add(error);
    return Optional.of(error);
  }

  /** Lists what was given to each sort of step. */
  @Override
  public synchronized String toString() {
    return given.entrySet().stream()
        .map(entry -> entry.getKey() + " " + entry.getValue())
        .collect(Collectors.joining("; "));
  }
}
