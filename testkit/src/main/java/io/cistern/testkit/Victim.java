package io.cistern.testkit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.ObjectOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Another JVM that does one operation, stops before one of its steps, and is killed there. */
final class Victim implements AutoCloseable {
  private final Process process;
  private final Duration patience;
  private volatile boolean late;

  private Victim(Process process, Duration patience) {
    this.process = process;
    this.patience = patience;
  }

  /**
   * Starts it; it waits for what it is to do.
   *
   * @param patience how long it may take for a step before it is taken to hang
   */
  static Victim start(Duration patience) throws IOException {
    return new Victim(JavaProcess.start(VictimMain.class), patience);
  }

  /** What is done while it stands still. */
  interface LastMoment {
    /** Does it; the process of that id is alive. */
    void pass(long pid) throws InterruptedException;
  }

  /** Finds something out while it stands still. */
  interface Observation<T> {
    /** Finds it out; it stands at what it has said. */
    T make(String said) throws IOException;
  }

  /**
   * Has it carry out an order, and kills it with SIGKILL when it has come as far as that.
   *
   * @return where that was, or {@link VictimMain#DONE}
   */
  String killAt(VictimOrder order, LastMoment lastMoment) throws IOException, InterruptedException {
    try (ObjectOutputStream orders = new ObjectOutputStream(process.getOutputStream());
        BufferedReader output = output()) {
      orders.writeObject(order);
      orders.flush();
      String line = nextLine(output, order);
      lastMoment.pass(process.pid());
      process.destroyForcibly().waitFor();
      return line;
    }
  }

  /**
   * Has it carry out an order for {@link VictimOrder#EACH_STEP}, then kills it.
   *
   * @return what was observed before each step, and when it was done
   */
  <T> List<T> observe(VictimOrder order, Observation<T> observation)
      throws IOException, InterruptedException {
    List<T> all = new ArrayList<>();
    try (ObjectOutputStream orders = new ObjectOutputStream(process.getOutputStream());
        BufferedReader output = output()) {
      orders.writeObject(order);
      orders.flush();
      String line = nextLine(output, order);
      while (!line.equals(VictimMain.DONE)) {
        all.add(observation.make(line));
        orders.write(0);
        orders.flush();
        line = nextLine(output, order);
      }
      all.add(observation.make(line));
      process.destroyForcibly().waitFor();
    }
    return all;
  }

  private BufferedReader output() {
    return new BufferedReader(
        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  private String nextLine(BufferedReader output, VictimOrder order) throws IOException {
    CompletableFuture<Void> end =
        CompletableFuture.runAsync(
            this::endLate,
            CompletableFuture.delayedExecutor(patience.toMillis(), TimeUnit.MILLISECONDS));
    String line = output.readLine();
    while (line != null && !line.startsWith(VictimMain.MARK)) {
      line = output.readLine();
    }
    end.cancel(false);
    if (line == null) {
      String what = late ? "did nothing for %d s".formatted(patience.toSeconds()) : "failed";
      throw new IOException("%s %s, see %s".formatted(order.crash(), what, JavaProcess.ERRORS));
    }
    return line.substring(VictimMain.MARK.length());
  }

  private void endLate() {
    late = true;
    process.destroyForcibly();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
