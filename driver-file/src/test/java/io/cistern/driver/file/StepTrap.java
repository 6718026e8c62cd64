package io.cistern.driver.file;

import io.cistern.storage.spi.Step;
import io.cistern.storage.spi.StepProbe;
import java.util.Optional;
import java.util.function.Predicate;

/** Waits for one step, and then lets it fail, the process die, or something be done before it. */
final class StepTrap implements StepProbe {
  /** What a dead process would have gone on with. */
  private static final class Death extends Error {
    private static final long serialVersionUID = 1;
  }

  private interface Reaction {
    Optional<String> react();
  }

  private Predicate<Step> awaited = step -> false;
  private Reaction reaction = Optional::empty;
  private boolean dead;
  private boolean sprung;
  private boolean lasting;

  /** Chooses a call by its name and the file, device or directory that it is about. */
  static Predicate<Step> call(String name, String file) {
    return step -> step.name().equals(name) && (step.detail() + " ").contains(file + " ");
  }

  void fail(Predicate<Step> which, String error) {
    set(which, () -> Optional.of(error));
  }

  /** Lets each such step fail until something else is waited for. */
  synchronized void failEach(Predicate<Step> which, String error) {
    fail(which, error);
    lasting = true;
  }

  void die(Predicate<Step> which) {
    set(
        which,
        () -> {
          die();
          throw new Death();
        });
  }

  void act(Predicate<Step> which, Runnable action) {
    set(
        which,
        () -> {
          action.run();
          return Optional.empty();
        });
  }

  /** Lets a new process work. */
  synchronized void revive() {
    dead = false;
  }

  /** Tells whether the step has come. */
  synchronized boolean isSprung() {
    return sprung;
  }

  private synchronized void die() {
    dead = true;
  }

  private synchronized void set(Predicate<Step> which, Reaction value) {
    awaited = which;
    reaction = value;
    sprung = false;
    lasting = false;
  }

  @Override
  public Optional<String> before(Step step) {
    Reaction now;
    synchronized (this) {
      if (dead && step.name().equals("close")) {
        // The kernel does that for whoever is dead.
        return Optional.empty();
      }
      if (dead) {
        throw new Death();
      }
      if ((sprung && !lasting) || !awaited.test(step)) {
        return Optional.empty();
      }
      sprung = true;
      now = reaction;
    }
    return now.react();
  }
}
