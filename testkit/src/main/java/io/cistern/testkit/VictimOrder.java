package io.cistern.testkit;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;

/**
 * What a process does that is killed.
 *
 * @param drivers the classes of drivers that a {@code ServiceLoader} does not find
 * @param pool the configuration of the pool, as a map
 * @param volume that of the volume
 * @param crash what it does with it
 * @param halt where it stops
 */
record VictimOrder(
    ArrayList<String> drivers,
    HashMap<String, String> pool,
    HashMap<String, String> volume,
    CrashCase crash,
    Halt halt)
    implements Serializable {

  /**
   * Where it stops.
   *
   * @param step before which step, counted from 1; one that is not reached lets it finish
   * @param inBackground whether the steps are those that come when the operation was done
   */
  record Halt(int step, boolean inBackground) implements Serializable {
    /** It says that it begins, and goes on. */
    static final Halt NEVER = new Halt(0, false);

    /** It stops before each step of the operation until it gets a byte. */
    static final Halt EACH_STEP = new Halt(-1, false);

    static Halt before(int step) {
      return new Halt(step, false);
    }

    static Halt inBackground(int step) {
      return new Halt(step, true);
    }
  }
}
