package io.cistern.testkit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.ObjectOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Another JVM that does one operation, stops before one of its steps, and is killed there. */
final class Victim implements AutoCloseable {
  private final Process process;

  private Victim(Process process) {
    this.process = process;
  }

  /** Starts it; it waits for what it is to do. */
  static Victim start() throws IOException {
    return new Victim(JavaProcess.start(VictimMain.class));
  }

  /** What is done while it stands still. */
  interface LastMoment {
    /** Does it; the process of that id is alive. */
    void pass(long pid) throws InterruptedException;
  }

  /** Finds something out while it stands still. */
  interface Observation<T> {
    /** Finds it out. */
    T make() throws IOException;
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
      while (!nextLine(output, order).equals(VictimMain.DONE)) {
        all.add(observation.make());
        orders.write(0);
        orders.flush();
      }
      all.add(observation.make());
      process.destroyForcibly().waitFor();
    }
    return all;
  }

  private BufferedReader output() {
    return new BufferedReader(
        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  private static String nextLine(BufferedReader output, VictimOrder order) throws IOException {
    String line = output.readLine();
    while (line != null && !line.startsWith(VictimMain.MARK)) {
      line = output.readLine();
    }
    if (line == null) {
      throw new IOException("%s failed, see %s".formatted(order.crash(), JavaProcess.ERRORS));
    }
    return line.substring(VictimMain.MARK.length());
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
