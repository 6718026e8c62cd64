package io.cistern.testkit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.ObjectOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** One of the JVMs that want the same pool. */
final class Rival implements AutoCloseable {
  private final Process process;
  private final RivalOrder order;
  private final List<Long> committed = new ArrayList<>();
  private int refusals;
  private final CompletableFuture<Void> ended;

  private Rival(Process process, RivalOrder order) {
    this.process = process;
    this.order = order;
    this.ended =
        CompletableFuture.runAsync(this::listen, work -> new Thread(work, "rival").start());
  }

  static Rival start(RivalOrder order) throws IOException {
    Process process = JavaProcess.start(RivalMain.class);
    try (ObjectOutputStream orders = new ObjectOutputStream(process.getOutputStream())) {
      orders.writeObject(order);
    }
    return new Rival(process, order);
  }

  private void listen() {
    try (BufferedReader output =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      String line = output.readLine();
      while (line != null) {
        if (line.startsWith(RivalMain.MARK)) {
          hear(line.substring(RivalMain.MARK.length()));
        }
        line = output.readLine();
      }
    } catch (IOException e) {
      throw new AssertionError("a rival can't be heard", e);
    }
  }

  private synchronized void hear(String said) {
    if (said.equals(RivalMain.REFUSED)) {
      refusals++;
    } else {
      committed.add(Long.valueOf(said));
    }
  }

  /** Returns the numbers that it has committed, in their order. */
  synchronized List<Long> committed() {
    return List.copyOf(committed);
  }

  synchronized int refusals() {
    return refusals;
  }

  /** Kills it with SIGKILL, and starts one that does what is left, if anything is. */
  Rival killAndReplace() throws IOException, InterruptedException {
    process.destroyForcibly().waitFor();
    ended.join();
    return start(new RivalOrder(order.pool(), order.volume(), order.turns() - committed().size()));
  }

  /**
   * Waits until it has had all its turns.
   *
   * @return how it ended, 0 if all went well
   */
  int await(long seconds) throws InterruptedException {
    if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
      throw new AssertionError("a rival has not ended in %d s".formatted(seconds));
    }
    ended.join();
    return process.exitValue();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
