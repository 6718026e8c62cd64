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
 * @param step before which step it stops; one that is not reached lets it finish; {@link #NO_STEP}
 *     to say that it begins, and go on; {@link #EACH_STEP} to stop before each, until it gets a
 *     byte
 */
record VictimOrder(
    ArrayList<String> drivers,
    HashMap<String, String> pool,
    HashMap<String, String> volume,
    CrashCase crash,
    int step)
    implements Serializable {
  static final int NO_STEP = 0;
  static final int EACH_STEP = -1;
}
