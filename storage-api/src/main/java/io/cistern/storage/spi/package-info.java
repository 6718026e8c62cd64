/**
 * What the author of a driver extends. A driver is a {@link io.cistern.storage.spi.PoolDriver},
 * found with {@link java.util.ServiceLoader}, whose pools extend {@link
 * io.cistern.storage.spi.AbstractPool} and whose volumes extend {@link
 * io.cistern.storage.spi.AbstractVolume}. Those own the futures, the queues, the checks that are
 * the same for all drivers, the events and the logging; a driver is left with blocking primitives
 * ({@code doStart}, {@code doCommit} …) that each do one thing. {@code docs/driver-guide.md} builds
 * a driver step by step.
 */
@NullMarked
package io.cistern.storage.spi;

import org.jspecify.annotations.NullMarked;
