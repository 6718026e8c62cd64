package io.cistern.storage;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits for futures, and never for long. */
public final class Outcomes {
  private static final long SECONDS = 20;

  private Outcomes() {}

  /** Returns what the future completed with; fails if it failed. */
  public static <T> T of(CompletableFuture<T> future) {
    try {
      return future.get(SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      throw new AssertionError("the future did not complete normally", e);
    }
  }

  /** Returns what the future failed with, without wrappers. */
  public static Throwable failure(CompletableFuture<?> future) {
    try {
      Object value = future.get(SECONDS, TimeUnit.SECONDS);
      throw new AssertionError("the future completed with " + value);
    } catch (ExecutionException e) {
      return e.getCause();
    } catch (InterruptedException | TimeoutException e) {
      throw new AssertionError("the future did not end", e);
    }
  }

  /** Returns the storage exception that the future failed with. */
  public static StorageException refusal(CompletableFuture<?> future) {
    Throwable failure = failure(future);
    if (failure instanceof StorageException refusal) {
      return refusal;
    }
    throw new AssertionError("the future failed otherwise", failure);
  }

  /** Returns the code that the future failed with. */
  public static StorageException.Code code(CompletableFuture<?> future) {
    return refusal(future).code();
  }
}
