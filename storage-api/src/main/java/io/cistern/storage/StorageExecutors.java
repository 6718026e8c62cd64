package io.cistern.storage;

import com.google.common.util.concurrent.ThreadFactoryBuilder;
import java.util.List;
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
  private final Executor questions;
  private final Executor transfers;
  private final List<ExecutorService> own;

  private StorageExecutors(
      Executor operations, Executor questions, Executor transfers, List<ExecutorService> own) {
    this.operations = operations;
    this.questions = questions;
    this.transfers = transfers;
    this.own = own;
  }

  static StorageExecutors of(@Nullable Executor given) {
    if (given != null) {
      return new StorageExecutors(given, given, given, List.of());
    }
    ExecutorService operations = threads("cistern-%d", OPERATIONS);
    // Operations copy, too, where nothing can be shared, and questions wait for no copy (rule 704).
    ExecutorService questions = threads("cistern-question-%d", OPERATIONS);
    ExecutorService transfers = threads("cistern-copy-%d", TRANSFERS);
    return new StorageExecutors(
        operations, questions, transfers, List.of(operations, questions, transfers));
  }

  Executor operations() {
    return operations;
  }

  Executor questions() {
    return questions;
  }

  Executor transfers() {
    return transfers;
  }

  void close() {
    own.forEach(ExecutorService::shutdown);
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
