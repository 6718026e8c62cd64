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
  /** How a process ends that SIGKILL has hit; one that had ended before did so in another way. */
  private static final int KILLED = 128 + 9;

  private final Process process;
  private final ObjectOutputStream orders;
  private final List<Long> committed = new ArrayList<>();
  private int refusals;
  private boolean hasPool;
  private final CompletableFuture<Void> ended;

  private Rival(Process process, ObjectOutputStream orders) {
    this.process = process;
    this.orders = orders;
    this.ended =
        CompletableFuture.runAsync(this::listen, work -> new Thread(work, "rival").start());
  }

  static Rival start(RivalOrder order) throws IOException {
    Process process = JavaProcess.start(RivalMain.class);
    ObjectOutputStream orders = new ObjectOutputStream(process.getOutputStream());
    orders.writeObject(order);
    orders.flush();
    return new Rival(process, orders);
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
    hasPool = said.equals(RivalMain.HAS_POOL);
    if (said.equals(RivalMain.REFUSED)) {
      refusals++;
    } else if (!hasPool) {
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

  /** Tells whether it has the pool, as far as was heard. */
  synchronized boolean hasPool() {
    return hasPool;
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /**
   * Kills it with SIGKILL, which has to hit it. What it has said by then is heard: a {@code
   * Process} that is destroyed would close the stream at once, its handle does not.
   */
  void kill() throws InterruptedException {
    boolean asked = process.toHandle().destroyForcibly();
    int status = process.waitFor();
    ended.join();
    if (!asked || status != KILLED) {
      throw new AssertionError(
          "a rival was to be killed, and had ended with %d, see %s"
              .formatted(status, JavaProcess.ERRORS));
    }
  }

  /**
   * Has it end after its turn, and waits for that.
   *
   * @return how it ended, 0 if all went well
   */
  int end(long seconds) throws IOException, InterruptedException {
    orders.write(RivalMain.ENOUGH);
    orders.flush();
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
