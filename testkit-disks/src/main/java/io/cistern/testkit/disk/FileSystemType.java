package io.cistern.testkit.disk;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** The file systems that are known to make nothing durable before they are asked to. */
public enum FileSystemType {
  BTRFS(160, "-q", "loop,commit=300"),
  XFS(320, "-q", "loop,nouuid"),
  /**
   * It does not guess that a file which replaces another one should be durable, nor wait for others
   * to sync, which saves time; and mkfs leaves it nothing to write in the background.
   */
  EXT4(
      64,
      "-q -E lazy_itable_init=0,lazy_journal_init=0",
      "loop,commit=300,noauto_da_alloc,max_batch_time=0");

  private static final long MEBIBYTE = 1 << 20;

  private final long smallest;
  private final String makeOptions;
  private final String mountOptions;

  FileSystemType(long mebibytes, String makeOptions, String mountOptions) {
    this.smallest = mebibytes * MEBIBYTE;
    this.makeOptions = makeOptions;
    this.mountOptions = mountOptions;
  }

  /** Returns the size of the smallest that mkfs makes, with some room, in bytes. */
  long smallest() {
    return smallest;
  }

  /** Returns what mount(8) and mkfs(8) call it. */
  String typeName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Makes one on an image or a device. */
  void make(Path device) throws IOException {
    List<String> command = new ArrayList<>();
    command.add("mkfs." + typeName());
    Collections.addAll(command, makeOptions.split(" ", -1));
    command.add(device.toString());
    Command.run(command.toArray(String[]::new));
  }

  /**
   * Mounts one so that what is not synced becomes durable neither by its own clock, nor because it
   * guesses that it should be.
   */
  void mount(Path image, Path directory) throws IOException {
    Command.run(
        "mount", "-t", typeName(), "-o", mountOptions, image.toString(), directory.toString());
  }
}
