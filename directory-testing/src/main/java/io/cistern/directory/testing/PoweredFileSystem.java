package io.cistern.directory.testing;

import io.cistern.linux.Access;
import io.cistern.linux.Directory;
import io.cistern.linux.Linux;
import io.cistern.linux.OpenFile;
import io.cistern.testkit.PowerSupply;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * A new file system whose power can be cut: it lies on a loop device, whose image is a file on
 * another file system, one with reflinks. A clone of that file, made while it is mounted, is what
 * the disk holds at that instant.
 */
public final class PoweredFileSystem implements PowerSupply, AutoCloseable {
  private static final Linux LINUX = Linux.create();

  private final FileSystemUnderTest type;
  private final Path place;
  private final Path mount;
  private Path mounted;
  private String lastWrites = "";
  private int cuts;

  /** Makes one, on the btrfs that {@code dev/test} mounts. */
  public PoweredFileSystem(FileSystemUnderTest type) throws IOException {
    this(type, FileSystemUnderTest.BTRFS);
  }

  /**
   * Makes one.
   *
   * @param outer what its image lies on, which needs reflinks
   */
  public PoweredFileSystem(FileSystemUnderTest type, FileSystemUnderTest outer) throws IOException {
    this.type = type;
    this.place = Files.createTempDirectory(outer.directory(), "power");
    this.mount = Files.createDirectory(place.resolve("mount"));
    this.mounted = place.resolve("image");
    List<String> command = new ArrayList<>();
    Command.run("truncate", "--size", size(), mounted.toString());
    command.add("mkfs." + name());
    command.add("-q");
    if (type == FileSystemUnderTest.EXT4) {
      // Nothing is to be written later, in the background.
      command.addAll(List.of("-E", "lazy_itable_init=0,lazy_journal_init=0"));
    }
    command.add(mounted.toString());
    Command.run(command.toArray(String[]::new));
    mount();
  }

  /** Returns where it is mounted, always the same. */
  public Path directory() {
    return mount;
  }

  /** Makes all durable that is there. */
  public void sync() throws IOException {
    Command.run("sync", "--file-system", mount.toString());
  }

  private String name() {
    return type.name().toLowerCase(Locale.ROOT);
  }

  /** The smallest that mkfs makes, with some room. */
  private String size() {
    return switch (type) {
      case BTRFS -> "160M";
      case XFS -> "320M";
      case EXT4 -> "64M";
    };
  }

  /**
   * What is not synced must become durable neither by the file system's own clock, nor because ext4
   * guesses that a renamed file should be. That ext4 does not wait for others to sync saves time.
   */
  private String options() {
    return switch (type) {
      case BTRFS -> "loop,commit=300";
      case XFS -> "loop,nouuid";
      case EXT4 -> "loop,commit=300,noauto_da_alloc,max_batch_time=0";
    };
  }

  private void mount() throws IOException {
    Command.run("mount", "-t", name(), "-o", options(), mounted.toString(), mount.toString());
  }

  @Override
  public int cut() throws IOException {
    String writes = writes();
    if (!writes.equals(lastWrites)) {
      cuts++;
      try (Directory directory = LINUX.openDirectory(place);
          OpenFile image = LINUX.openFile(mounted, Access.READ);
          OpenFile kept = directory.createFile("cut" + cuts)) {
        kept.cloneFrom(image);
      }
      lastWrites = writes;
    }
    return cuts;
  }

  /** What the disk was told so far besides reads; other than ever before while it is being told. */
  private String writes() throws IOException {
    String[] figures = Files.readString(statistics()).strip().split("\\s+", -1);
    boolean busy = !figures[8].equals("0");
    return busy
        ? "busy at " + System.nanoTime()
        : "%s writes, %s discards".formatted(figures[4], figures[11]);
  }

  /** See Documentation/block/stat.rst of the kernel. */
  private Path statistics() throws IOException {
    List<String> loops = LoopDevice.backedBy(mounted);
    if (loops.size() != 1) {
      throw new IOException("one loop device is expected on " + mounted + ": " + loops);
    }
    return Path.of("/sys/block", loops.get(0).substring("/dev/".length()), "stat");
  }

  /**
   * Also removes every device that was made on the file system, as a machine that boots has none.
   */
  @Override
  public void boot(int cut) throws IOException {
    unmount();
    Files.delete(mounted);
    mounted = place.resolve("cut" + cut);
    mount();
  }

  private void unmount() throws IOException {
    StackedDevices.removeFrom(mount);
    Command.run("umount", mount.toString());
  }

  @Override
  public void close() throws IOException {
    unmount();
    try (Stream<Path> files = Files.list(place)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(place);
  }
}
