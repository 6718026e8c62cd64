package io.cistern.testkit;

import io.cistern.storage.Pool;
import io.cistern.storage.PoolConfig;
import io.cistern.storage.Storage;
import io.cistern.storage.Volume;
import io.cistern.storage.VolumeConfig;
import io.cistern.storage.spi.Step;
import io.cistern.storage.spi.StepProbe;
import io.cistern.testkit.CrashOperation.Beginning;
import io.cistern.testkit.VictimOrder.Halt;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The process that is killed: takes an order from its standard input, and says how far it came. */
final class VictimMain implements StepProbe {
  /** Begins the lines that are for the test; drivers may log to the same stream. */
  static final String MARK = "victim: ";

  static final String DONE = "done";
  private static final long LONGEST_LIFE_SECONDS = 120;

  /** In which the next step comes in the background, if there is one. */
  private static final long BACKGROUND_SECONDS = 10;

  private final CountDownLatch never = new CountDownLatch(1);
  private final CountDownLatch reached = new CountDownLatch(1);
  private final ObjectInputStream input;
  private boolean each;
  private int stepsLeft;

  private VictimMain(ObjectInputStream input) {
    this.input = input;
  }

  public static void main(String[] arguments) throws Exception {
    // Loads what it can before there is an order.
    try (Storage storage = Storage.builder().build()) {
      storage.drivers();
    }
    ObjectInputStream input = new ObjectInputStream(System.in);
    VictimOrder order = (VictimOrder) input.readObject();
    VictimMain victim = new VictimMain(input);
    victim.carryOut(order);
    if (!victim.isAt(order)) {
      say(DONE);
    }
    victim.awaitDeath();
  }

  private void carryOut(VictimOrder order) throws ReflectiveOperationException {
    Storage storage = DriverClasses.storage(order.drivers()).stepProbe(this).build();
    Pool pool = storage.open(PoolConfig.fromMap(order.pool())).join();
    pool.volume(CrashCase.source());
    Volume volume = pool.volume(VolumeConfig.fromMap(order.volume()));
    if (order.crash().operation().beginning() == Beginning.STARTED) {
      volume.start().join();
    }
    if (order.halt().equals(Halt.NEVER)) {
      say("begins");
    }
    if (order.halt().inBackground()) {
      order.crash().run(volume).join();
      arm(order.halt());
    } else {
      arm(order.halt());
      order.crash().run(volume).join();
    }
  }

  /** Tells whether it has come to the step in the background, after it has waited for that. */
  private boolean isAt(VictimOrder order) throws InterruptedException {
    return order.halt().inBackground() && reached.await(BACKGROUND_SECONDS, TimeUnit.SECONDS);
  }

  private synchronized void arm(Halt halt) {
    each = halt.equals(Halt.EACH_STEP);
    stepsLeft = Math.max(0, halt.step());
  }

  @Override
  public synchronized Optional<String> before(Step step) {
    if (each) {
      say(lineOf(step));
      awaitPermission();
    } else if (stepsLeft > 0 && --stepsLeft == 0) {
      say(lineOf(step));
      reached.countDown();
      awaitDeath();
    }
    return Optional.empty();
  }

  /** The name comes first; the rest may be another for the same step of another volume. */
  private static String lineOf(Step step) {
    return "before %s of %s".formatted(step.name(), step.detail());
  }

  /** Returns the part of what it says that is the same for the same step. */
  static String withoutDetail(String line) {
    int end = line.indexOf(" of ");
    return end < 0 ? line : line.substring(0, end);
  }

  private void awaitPermission() {
    try {
      if (input.read() < 0) {
        Runtime.getRuntime().halt(1);
      }
    } catch (IOException e) {
      Runtime.getRuntime().halt(1);
    }
  }

  /** An orphan ends by itself. */
  private void awaitDeath() {
    try {
      if (!never.await(LONGEST_LIFE_SECONDS, TimeUnit.SECONDS)) {
        Runtime.getRuntime().halt(1);
      }
    } catch (InterruptedException e) {
      Runtime.getRuntime().halt(1);
    }
  }

  private static void say(String line) {
    System.out.println(MARK + line);
    System.out.flush();
  }
}
