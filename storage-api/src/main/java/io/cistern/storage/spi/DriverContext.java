package io.cistern.storage.spi;

import io.cistern.storage.Pool;
import io.cistern.storage.StorageListener;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * What a pool gets from the {@code Storage} that opens it.
 *
 * @param driver the driver's name
 * @param executor runs operations and exports
 * @param questionExecutor runs questions, which wait for no operation (rule 704)
 * @param transferExecutor runs what copies, so that copies never keep a start waiting
 * @param listener hears of what was done
 * @param probe hears of each step
 * @param clock tells the time for what informs (no decision rests on it)
 * @param pools gives the open pools of the {@code Storage}
 * @param closed to be told by a pool when it was closed; {@link AbstractPool} does
 */
public record DriverContext(
    String driver,
    Executor executor,
    Executor questionExecutor,
    Executor transferExecutor,
    StorageListener listener,
    StepProbe probe,
    Clock clock,
    Supplier<List<Pool>> pools,
    Consumer<Pool> closed) {}
