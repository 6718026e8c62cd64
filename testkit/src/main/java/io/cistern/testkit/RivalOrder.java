package io.cistern.testkit;

import java.io.Serializable;
import java.util.HashMap;

/**
 * What a process does that is not the only one to do so.
 *
 * @param pool the configuration of the pool, as a map
 * @param volume that of the volume
 * @param turns how often it has the pool before it ends
 */
record RivalOrder(HashMap<String, String> pool, HashMap<String, String> volume, int turns)
    implements Serializable {}
