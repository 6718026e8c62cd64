package io.cistern.testkit;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;

/**
 * What a process does that is not the only one to do so.
 *
 * @param drivers the classes of drivers that a {@code ServiceLoader} does not find
 * @param pool the configuration of the pool, as a map
 * @param volume that of the volume
 */
record RivalOrder(
    ArrayList<String> drivers, HashMap<String, String> pool, HashMap<String, String> volume)
    implements Serializable {}
