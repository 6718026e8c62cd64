package io.cistern.directory.testing;

import io.cistern.testkit.PowerSupply;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A new file system on a {@link PoweredDisk}. */
public final class PoweredFileSystem implements PowerSupply, AutoCloseable {
  private final FileSystemUnderTest type;
  private final PoweredDisk disk;
  private final Path mount;

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
    this.disk = PoweredDisk.empty(outer, size());
    this.mount = Files.createDirectory(disk.place().resolve("mount"));
    List<String> command = new ArrayList<>();
    command.add("mkfs." + name());
    command.add("-q");
    if (type == FileSystemUnderTest.EXT4) {
      // Nothing is to be written later, in the background.
      command.addAll(List.of("-E", "lazy_itable_init=0,lazy_journal_init=0"));
    }
    command.add(disk.image().toString());
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
    String image = disk.image().toString();
    Command.run("mount", "-t", name(), "-o", options(), image, mount.toString());
  }

  @Override
  public int cut() throws IOException {
    return disk.cut();
  }

  /** Also removes every device that was made on the file system: a machine that boots has none. */
  @Override
  public void boot(int cut) throws IOException {
    unmount();
    disk.boot(cut);
    mount();
  }

  private void unmount() throws IOException {
    StackedDevices.removeFrom(mount);
    Command.run("umount", mount.toString());
  }

  @Override
  public void close() throws IOException {
    unmount();
    disk.close();
  }
}
