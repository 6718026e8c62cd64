package io.cistern.testkit;

import io.cistern.storage.spi.Step;
import io.cistern.storage.spi.StepProbe;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Counts steps, and lets the process die before one of them, one of them fail, a sync be left out,
 * or something be done before each. Death is for good: no step is done until {@link #revive()}.
 */
final class ScriptedProbe implements StepProbe {
  /** What goes wrong when a step moves only some of the bytes that it was to move. */
  static final String SHORT_TRANSFER = "a short transfer";

  /** Chooses what goes wrong with a step. */
  @FunctionalInterface
  interface FaultChoice {
    /** Returns one of the errors of the step, or a short transfer; empty for nothing. */
    Optional<String> choose(Step step);
  }

  private enum Script {
    NOTHING,
    DEATH,
    FAULT
  }

  private Script script = Script.NOTHING;
  private int target;
  private int count;
  private boolean dead;
  private Optional<Step> reached = Optional.empty();
  private FaultChoice choice = step -> Optional.empty();
  private Optional<String> fault = Optional.empty();
  private boolean told;
  private boolean repeated;
  private final Set<String> transfers = ConcurrentHashMap.newKeySet();
  private Optional<Consumer<Step>> action = Optional.empty();
  private boolean acting;
  private boolean everDied;
  private boolean everTold;
  private final List<Step> syncs = new ArrayList<>();
  private final Set<String> syncNames = ConcurrentHashMap.newKeySet();
  private int missingSync;

  /** From now on, counts steps from 1, and dies before the one of this number. */
  synchronized void dieBefore(int step) {
    begin(Script.DEATH, step);
  }

  /** From now on, counts steps from 1, and makes the one of this number fail if it can. */
  synchronized void failAt(int step) {
    failAt(step, reachedStep -> reachedStep.errors().stream().findFirst());
  }

  /** The same with the error that is chosen for it. */
  synchronized void failAt(int step, FaultChoice error) {
    begin(Script.FAULT, step);
    choice = error;
  }

  /** From now on, does something before each step; steps that this makes are not counted. */
  synchronized void doBeforeEach(Runnable value) {
    doBeforeEach(step -> value.run());
  }

  /** The same of something that wants to know the step. */
  synchronized void doBeforeEach(Consumer<Step> value) {
    begin(Script.NOTHING, 0);
    action = Optional.of(value);
  }

  /** From now on, counts syncs from 1, and leaves out the one of this number. */
  synchronized void leaveOut(int sync) {
    syncs.clear();
    missingSync = sync;
  }

  /** Returns the syncs that there were since the last script began, the missing one included. */
  synchronized List<Step> syncs() {
    return List.copyOf(syncs);
  }

  /** Dies now. */
  synchronized void die() {
    dead = true;
  }

  /** Lets everything happen again. */
  synchronized void revive() {
    begin(Script.NOTHING, 0);
  }

  /** Returns how many steps there were since the last script began. */
  synchronized int count() {
    return count;
  }

  /** Returns the step at which it died or made something fail. */
  synchronized Optional<Step> reached() {
    return reached;
  }

  /** Returns what it let go wrong; empty as well if nothing could with the step reached. */
  synchronized Optional<String> fault() {
    return fault;
  }

  /** Tells whether the driver has told that what was to go wrong did. */
  synchronized boolean isFaultTold() {
    return told;
  }

  /** Tells whether the step that it let fail was tried again. */
  synchronized boolean isRepeated() {
    return repeated;
  }

  /** Returns the names of the steps of which it was ever asked whether they move all bytes. */
  Set<String> transfers() {
    return Set.copyOf(transfers);
  }

  /** Returns the names of the steps of which it was ever asked whether to leave them out. */
  Set<String> syncNames() {
    return Set.copyOf(syncNames);
  }

  /** Tells whether the driver has ever told of a step, of whatever operation. */
  synchronized boolean everTold() {
    return everTold;
  }

  /** Tells whether a step was ever not done because of a death. */
  synchronized boolean everDied() {
    return everDied;
  }

  @Override
  public Optional<String> before(Step step) {
    Optional<Consumer<Step>> todo;
    synchronized (this) {
      everTold = true;
      if (acting) {
        return Optional.empty();
      }
      if (dead) {
        everDied = true;
        throw new SimulatedDeath(step);
      }
      count++;
      if (script != Script.NOTHING && count == target) {
        return interrupt(step);
      }
      repeated |= reached.filter(failed -> isSame(failed, step)).isPresent();
      todo = action;
      acting = todo.isPresent();
    }
    todo.ifPresent(consumer -> act(consumer, step));
    return Optional.empty();
  }

  @Override
  public synchronized void after(Step step, Optional<String> failure) {
    told |= failure.isPresent() && reached.filter(failed -> isSame(failed, step)).isPresent();
  }

  private static boolean isSame(Step one, Step other) {
    return one.name().equals(other.name()) && one.detail().equals(other.detail());
  }

  @Override
  public synchronized boolean leavesOut(Step sync) {
    syncNames.add(sync.name());
    if (acting) {
      return false;
    }
    syncs.add(sync);
    return syncs.size() == missingSync;
  }

  @Override
  public synchronized boolean shortens(Step transfer) {
    transfers.add(transfer.name());
    return !acting && count == target && fault.filter(SHORT_TRANSFER::equals).isPresent();
  }

  private Optional<String> interrupt(Step step) {
    reached = Optional.of(step);
    if (script == Script.DEATH) {
      dead = true;
      everDied = true;
      throw new SimulatedDeath(step);
    }
    fault = choice.choose(step);
    return fault.filter(error -> !error.equals(SHORT_TRANSFER));
  }

  private void act(Consumer<Step> todo, Step step) {
    try {
      todo.accept(step);
    } finally {
      synchronized (this) {
        acting = false;
      }
    }
  }

  private void begin(Script value, int step) {
    script = value;
    target = step;
    count = 0;
    dead = false;
    reached = Optional.empty();
    fault = Optional.empty();
    told = false;
    repeated = false;
    action = Optional.empty();
    leaveOut(0);
  }
}
