package io.cistern.storage.spi;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/** Takes work until it is told to throw instead. */
final class RefusingExecutor implements Executor {
  private final Executor threads;
  private volatile @Nullable Throwable refusal;

  RefusingExecutor(Executor threads) {
    this.threads = threads;
  }

  void refuse() {
    refusal = new RejectedExecutionException("the queue is full");
  }

  void refuseWith(Error error) {
    refusal = error;
  }

  void accept() {
    refusal = null;
  }

  @Override
  public void execute(Runnable work) {
    Throwable thrown = refusal;
    if (thrown instanceof RuntimeException e) {
      throw e;
    }
    if (thrown instanceof Error e) {
      throw e;
    }
    threads.execute(work);
  }
}
