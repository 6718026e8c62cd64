package io.cistern.storage.spi;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs what closes a pool on the embedder's executor, or on a thread of its own if that is full or
 * has ended: a pool that could not be closed then would keep its place locked until the JVM ends.
 */
final class ClosingExecutor implements Executor {
  private static final Logger log = LoggerFactory.getLogger(ClosingExecutor.class);

  private final Executor given;
  private final String pool;

  ClosingExecutor(Executor given, String pool) {
    this.given = given;
    this.pool = pool;
  }

  @Override
  public void execute(Runnable work) {
    try {
      given.execute(work);
    } catch (RejectedExecutionException | Error e) {
      log.debug("{}: it is closed on a thread of its own", pool, e);
      start("cistern-close-" + pool, work);
    }
  }

  /**
   * Waits for all that was let in. Of what waited for an executor that has ended, nothing ever
   * ends: then it is enough that nothing runs there any more.
   */
  CompletableFuture<?> allEnded(CompletableFuture<Void> drained) {
    if (drained.isDone() || !(given instanceof ExecutorService threads) || !threads.isShutdown()) {
      return drained;
    }
    CompletableFuture<Void> terminated = new CompletableFuture<>();
    start("cistern-close-wait-" + pool, () -> await(threads, terminated));
    return CompletableFuture.anyOf(drained, terminated);
  }

  private static void await(ExecutorService threads, CompletableFuture<Void> terminated) {
    try {
      while (!threads.awaitTermination(1, TimeUnit.HOURS)) {
        log.debug("an executor that was shut down still runs something");
      }
      terminated.complete(null);
    } catch (InterruptedException e) {
      terminated.completeExceptionally(e);
    }
  }

  private static void start(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
  }
}
