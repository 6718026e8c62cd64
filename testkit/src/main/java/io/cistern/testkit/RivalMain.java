package io.cistern.testkit;

import io.cistern.storage.Pool;
import io.cistern.storage.PoolConfig;
import io.cistern.storage.Storage;
import io.cistern.storage.StorageException;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.Volume;
import io.cistern.storage.VolumeConfig;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.concurrent.CompletionException;

/**
 * One of the processes that want the same pool: whenever it gets it, it starts a volume, adds one
 * to the number that it finds there, and commits that. Whoever was killed meanwhile has left the
 * old number or the next one, in a session that goes on.
 */
final class RivalMain {
  /** Begins the lines that are for the test; drivers may log to the same stream. */
  static final String MARK = "rival: ";

  /** What it says when it was refused the pool. */
  static final String REFUSED = "refused";

  /** What it says when it has got the pool. */
  static final String HAS_POOL = "has it";

  /** What it is told when it is to end. */
  static final int ENOUGH = 1;

  private static final long LONGEST_LIFE_NANOS = 600_000_000_000L;
  private static final long PAUSE_MILLIS = 5;

  private final RivalOrder order;

  private RivalMain(RivalOrder order) {
    this.order = order;
  }

  public static void main(String[] arguments) throws Exception {
    ObjectInputStream input = new ObjectInputStream(System.in);
    RivalMain rival = new RivalMain((RivalOrder) input.readObject());
    long end = System.nanoTime() + LONGEST_LIFE_NANOS;
    while (input.available() == 0 && System.nanoTime() < end) {
      rival.turn();
      // So that the other one comes to its turn.
      Thread.sleep(PAUSE_MILLIS);
    }
    System.exit(input.available() == 0 ? 1 : 0);
  }

  private void turn() throws IOException, ReflectiveOperationException {
    try (Storage storage = DriverClasses.storage(order.drivers()).build()) {
      Optional<Pool> pool = open(storage);
      if (pool.isEmpty()) {
        say(REFUSED);
        return;
      }
      say(HAS_POOL);
      Volume volume = pool.get().volume(VolumeConfig.fromMap(order.volume()));
      long number = count(volume.start().join().path());
      volume.stop().join();
      say(Long.toString(number));
    }
  }

  private Optional<Pool> open(Storage storage) {
    try {
      return Optional.of(storage.open(PoolConfig.fromMap(order.pool())).join());
    } catch (CompletionException e) {
      if (e.getCause() instanceof StorageException refusal && refusal.code() == Code.LOCKED) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private static long count(Path device) throws IOException {
    try (FileChannel channel =
        FileChannel.open(device, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      ByteBuffer buffer = ByteBuffer.allocate(Long.BYTES);
      channel.read(buffer, 0);
      long number = buffer.getLong(0) + 1;
      channel.write(buffer.clear().putLong(0, number), 0);
      channel.force(true);
      return number;
    }
  }

  private static void say(String line) {
    System.out.println(MARK + line);
    System.out.flush();
  }
}
