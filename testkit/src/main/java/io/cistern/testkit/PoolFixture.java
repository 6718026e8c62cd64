package io.cistern.testkit;

import io.cistern.storage.Capability;
import io.cistern.storage.PoolConfig;
import io.cistern.storage.spi.PoolDriver;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;

/**
 * A fresh, empty place for the pools of one test, and the hands of an operator in it: what the
 * suite can't do through the API, it does through this.
 *
 * <p>The suites call it on one thread at a time, and close it after they have closed every {@code
 * Storage}. What is {@link Optional} may be left out; a test that needs it is then skipped and says
 * so, but for the suites that are about nothing else: without {@link #power()} or {@link
 * #writeLog()} theirs fail.
 *
 * <p>A volume is named here as in the API, by its vid. The suite's vids have one or two components
 * of letters, digits and {@code -}, such as {@code vm/root}.
 */
public interface PoolFixture extends AutoCloseable {
  /** Makes an operator's mistake, or something else that is done behind the driver's back. */
  @FunctionalInterface
  interface Truncation {
    /** Makes the committed image of a stopped origin this long, keeping what fits. */
    void truncate(String vid, long size) throws IOException;
  }

  /** What a guest does with the blocks that it no longer needs. */
  @FunctionalInterface
  interface Discard {
    /** Punches a hole, or sends a discard, into the device of a started volume. */
    void discard(Path device, long offset, long length) throws IOException;
  }

  /** Things in the place that the driver did not make, whatever they look like. */
  interface Clutter extends AutoCloseable {
    /**
     * Puts something into the place of {@link #config()} whose name is that of something of this
     * volume, or nearly so. What it is, is up to chance: an image of any size, or nothing that the
     * driver could use.
     */
    void add(String vid, Random random) throws IOException;

    /**
     * Returns what is not as it was, of all that can't be the driver's because of what it is, and
     * of all outside the place that something in it points to.
     */
    List<String> damaged() throws IOException;

    /** Removes all of it, and what it became. */
    @Override
    void close() throws IOException;
  }

  /** Fills the place up. */
  @FunctionalInterface
  interface Filling {
    /**
     * Takes all space of its kind that is left in the place of {@link #config()}.
     *
     * @return what gives it back when it is closed
     */
    AutoCloseable fill() throws IOException;
  }

  /** Lets an external command of the driver hang, as one does that waits for a dead device. */
  interface Hanging {
    /**
     * Has the next command hang that the driver starts: a process that is there, and does not do
     * what it was to do. No longer than a few seconds is it waited for.
     */
    void hangNext() throws IOException;

    /** Returns the id of the process that hangs; empty if none does, or if it was killed. */
    OptionalLong process();

    /** Lets it do what it was to do, and waits for its end; does nothing if none hangs. */
    void letGo() throws IOException;
  }

  /**
   * Returns the configuration of the pool that most tests use. Nothing is in its place yet, and
   * {@code setup} was not called on it. The revisions to keep are left to the driver's default.
   */
  PoolConfig config();

  /**
   * Returns the configuration of a second pool of the same driver, in another empty place, which
   * can be open in the same {@code Storage}. If the technology can share blocks between two pools
   * at all, then it can between these. Of two directories the second had better be called like the
   * first with letters added, so that mistaking {@code /a/bc} for something in {@code /a/b} shows.
   */
  PoolConfig secondConfig();

  /** Returns the drivers to use besides those that {@link java.util.ServiceLoader} finds. */
  default List<PoolDriver> drivers() {
    return List.of();
  }

  /** Returns exactly what the driver should claim in this place. */
  Set<Capability> capabilities();

  /** Returns what the driver should round sizes up to, in bytes; 64 KiB at most. */
  long granule();

  /** Returns how many revisions the driver can keep of a volume; at least 1 if it claims any. */
  default int maxRevisions() {
    return Integer.MAX_VALUE;
  }

  /** Returns vids that are proper but read like another of the driver's names (rule 202). */
  default Set<String> reservedVids() {
    return Set.of();
  }

  /** Returns the place of {@link #config()} spelled in another way (rule 107). */
  default Optional<PoolConfig> aliasConfig(String name) {
    return Optional.empty();
  }

  /** Returns the configuration of a pool whose place does not exist (rule 104). */
  default Optional<PoolConfig> absentConfig() {
    return Optional.empty();
  }

  /** Returns the configuration of a pool whose place lies inside that of {@link #config()}. */
  default Optional<PoolConfig> nestedConfig() {
    return Optional.empty();
  }

  /** Returns a value for each parameter that can be malformed (rule 101). */
  default Map<String, String> malformedParameters() {
    return Map.of();
  }

  /**
   * Names everything that is in the places of this fixture's pools and on top of them: files and
   * directories, logical volumes, loop and mapper devices. Waits for what the driver does in the
   * background, so that nothing of it is taken for a leak; also while a step of that fails, or the
   * power is cut there, since the suites wait by this for the steps to come. A directory inside a
   * place is named by a prefix, up to a {@code /}, of what it contains.
   */
  Set<String> objects();

  /**
   * Tells whether one of the {@link #objects()} is the place of a pool itself, such as a directory.
   * A setup that dies may leave it, since nobody can tell it from one that was there before.
   *
   * @return false unless overridden
   */
  default boolean isPlace(String object) {
    return false;
  }

  /**
   * Returns a fingerprint of each of the {@link #objects()}: what kind it is, how large, and what
   * is in it, without times. Left out is what the driver makes and removes in the background, such
   * as a spare: its coming and going is not what the test did.
   */
  Map<String, String> snapshot();

  /**
   * Returns what the processes that use the place leave if they are killed now: such as each file
   * with its inode and the time of its last change, and each device with its table. Two are equal
   * if nothing was changed in between. {@link KillConformance} then kills once for all steps
   * between which nothing changes. Empty if that can't be told: it kills before each step.
   *
   * @throws IOException if it can't be found out, which fails the test
   */
  default Optional<Map<String, String>> remains() throws IOException {
    return Optional.empty();
  }

  /**
   * Makes objects that the driver did not make but which look as much as possible like those of
   * this volume: a directory where an image should be, a malformed revision, a volume without the
   * driver's tag. The volume itself may exist or not, and goes on working.
   */
  void plantForeign(String vid) throws IOException;

  /** Tells whether all that was planted is there, with the content that it had. */
  boolean isForeignIntact();

  /** Removes the committed image of an origin, and leaves everything else of it. */
  void breakImage(String vid) throws IOException;

  /** Removes what the VM of a started volume writes to; nobody has it open. */
  void breakSession(String vid) throws IOException;

  /**
   * Opens the device of a started volume for reading and writing, as a VM does.
   *
   * @return what closes it again
   */
  default AutoCloseable hold(Path device) throws IOException {
    return FileChannel.open(device, StandardOpenOption.READ, StandardOpenOption.WRITE);
  }

  /** Reads from an image or a device; returns fewer bytes if it ends before. */
  default byte[] read(Path image, long offset, int length) throws IOException {
    try (SeekableByteChannel channel = Files.newByteChannel(image)) {
      channel.position(offset);
      ByteBuffer buffer = ByteBuffer.allocate(length);
      while (buffer.hasRemaining() && channel.read(buffer) >= 0) {
        // A channel may give less than was asked for.
      }
      byte[] bytes = new byte[buffer.position()];
      buffer.flip().get(bytes);
      return bytes;
    }
  }

  /** Writes into an image or a device, which does not grow by that. */
  default void write(Path image, long offset, byte[] bytes) throws IOException {
    try (SeekableByteChannel channel = Files.newByteChannel(image, StandardOpenOption.WRITE)) {
      channel.position(offset);
      ByteBuffer buffer = ByteBuffer.wrap(bytes);
      while (buffer.hasRemaining()) {
        if (channel.write(buffer) == 0) {
          throw new EOFException("nothing can be written to " + image);
        }
      }
    }
  }

  /** Makes durable what was written into an image or a device, as a VM's flush does. */
  default void flush(Path image) throws IOException {
    try (FileChannel channel = FileChannel.open(image, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
  }

  /**
   * Takes away the devices that the machine has not any more when it boots: loop and mapper
   * devices, active logical volumes. Called while every {@code Storage} is closed and nobody has
   * one open. Does nothing unless overridden, where a pool's sessions are files.
   */
  default void removeDevices() throws IOException {}

  /** Returns the size of an image or a device. */
  default long size(Path image) throws IOException {
    try (SeekableByteChannel channel = Files.newByteChannel(image)) {
      return channel.size();
    }
  }

  /** Returns how an operator changes the size of an image (rule 601). */
  default Optional<Truncation> truncation() {
    return Optional.empty();
  }

  /** Returns how a guest discards (rule 606); needed if the driver claims {@code DISCARD}. */
  default Optional<Discard> discard() {
    return Optional.empty();
  }

  /** Returns how to fill the place with data (rules 309 and 1002). */
  default Optional<Filling> filling() {
    return Optional.empty();
  }

  /**
   * Returns how to fill the place with metadata, if there is space apart for them (rule 1002). They
   * are full when nothing new can be made any more, while what is there can still be changed and
   * removed; a place that takes no change at all before it is repaired is for the driver's own
   * tests, since nothing can be freed there.
   */
  default Optional<Filling> metadataFilling() {
    return Optional.empty();
  }

  /** Returns how to let a command hang (rule 1005); needed if the driver runs commands. */
  default Optional<Hanging> hanging() {
    return Optional.empty();
  }

  /** Returns how to clutter the place (rule 110), for {@link AbuseConformance}. */
  default Optional<Clutter> clutter() throws IOException {
    return Optional.empty();
  }

  /**
   * Returns the power of the place, to be cut (rule 902); needed for {@link PowerCutConformance}.
   */
  default Optional<PowerSupply> power() {
    return Optional.empty();
  }

  /**
   * Returns the power of a place whose disk logs what it is told; needed for {@link
   * WriteLogConformance}.
   */
  default Optional<WriteLog> writeLog() {
    return Optional.empty();
  }

  /**
   * Returns at how many steps, spread evenly, an operation is interrupted by the tests that
   * interrupt it at each of its steps; and from how many of the disks that power cuts leave one
   * boots. All of them, unless overridden for a place where each takes long, such as an emulated
   * machine.
   */
  default int stepsToTry() {
    return Integer.MAX_VALUE;
  }

  /**
   * Returns after how long something that has not ended is taken for a deadlock, and fails the
   * test. A minute, unless overridden for a place where everything takes long.
   */
  default Duration patience() {
    return Duration.ofMinutes(1);
  }

  /** Removes the places. */
  @Override
  void close() throws IOException;
}
