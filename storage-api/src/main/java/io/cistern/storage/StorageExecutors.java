package io.cistern.storage;

import com.google.common.util.concurrent.ThreadFactoryBuilder;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What runs the work of a storage: either what the embedder gave, or threads of its own. These are
 * platform threads, since a native call pins the carrier of a virtual one.
 */
final class StorageExecutors {
  private static final int OPERATIONS =
      Math.max(16, 4 * Runtime.getRuntime().availableProcessors());
  private static final int TRANSFERS = 4;

  private final Executor operations;
  private final Executor transfers;

  private StorageExecutors(Executor operations, Executor transfers) {
    this.operations = operations;
    this.transfers = transfers;
  }

  static StorageExecutors of(@Nullable Executor given) {
    return given != null
        ? new StorageExecutors(given, given)
        : new StorageExecutors(
            threads("cistern-%d", OPERATIONS), threads("cistern-copy-%d", TRANSFERS));
  }

  Executor operations() {
    return operations;
  }

  Executor transfers() {
    return transfers;
  }

  void close() {
    if (operations != transfers) {
      ((ExecutorService) operations).shutdown();
      ((ExecutorService) transfers).shutdown();
    }
  }

  private static ExecutorService threads(String nameFormat, int number) {
    ThreadPoolExecutor executor =
        new ThreadPoolExecutor(
            number,
            number,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            new ThreadFactoryBuilder().setNameFormat(nameFormat).setDaemon(true).build());
    executor.allowCoreThreadTimeOut(true);
    return executor;
  }
}
