package io.cistern.testkit;

import java.io.Serializable;
import java.util.HashMap;

/**
 * What a process does that is killed.
 *
 * @param pool the configuration of the pool, as a map
 * @param volume that of the volume
 * @param crash what it does with it
 * @param step before which step it stops; one that is not reached lets it finish
 */
record VictimOrder(
    HashMap<String, String> pool, HashMap<String, String> volume, CrashCase crash, int step)
    implements Serializable {}
