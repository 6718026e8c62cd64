package io.cistern.directory.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A new file system for one fixture, on a disk that fails in some way. */
public abstract class OwnFileSystem implements AutoCloseable {
  private static final long MEBIBYTE = 1 << 20;

  private final FileSystemUnderTest type;
  private final Path mount;
  private boolean mounted;

  /** Makes the directory that it is going to be mounted on. */
  OwnFileSystem(FileSystemUnderTest type, Path place) throws IOException {
    this.type = type;
    this.mount = Files.createDirectory(place.resolve("mount"));
  }

  /** Returns where it is mounted, always the same. */
  public final Path directory() {
    return mount;
  }

  /** Makes all durable that is there. */
  public final void sync() throws IOException {
    Command.run("sync", "--file-system", mount.toString());
  }

  /** Returns the size of the smallest that mkfs makes, with some room, in bytes. */
  static long size(FileSystemUnderTest type) {
    return switch (type) {
      case BTRFS -> 160 * MEBIBYTE;
      case XFS -> 320 * MEBIBYTE;
      case EXT4 -> 64 * MEBIBYTE;
    };
  }

  /** Makes it on an image or a device. */
  static void make(FileSystemUnderTest type, Path device) throws IOException {
    List<String> command = new ArrayList<>();
    command.add("mkfs." + name(type));
    command.add("-q");
    if (type == FileSystemUnderTest.EXT4) {
      // Nothing is to be written later, in the background.
      command.addAll(List.of("-E", "lazy_itable_init=0,lazy_journal_init=0"));
    }
    command.add(device.toString());
    Command.run(command.toArray(String[]::new));
  }

  private static String name(FileSystemUnderTest type) {
    return type.name().toLowerCase(Locale.ROOT);
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

  /** Mounts an image that it is on. */
  final void mount(Path image) throws IOException {
    Command.run("mount", "-t", name(type), "-o", options(), image.toString(), mount.toString());
    mounted = true;
  }

  /** Also removes every device that was made on it: a machine that boots has none. */
  final void unmount() throws IOException {
    if (mounted) {
      StackedDevices.removeFrom(mount);
      Command.run("umount", mount.toString());
      mounted = false;
    }
  }

  @Override
  public abstract void close() throws IOException;
}
