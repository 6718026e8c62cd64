package io.cistern.testkit.memory;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What outlives a process, or seems to: a disk, and what a kernel knows of it, namely who has
 * locked a directory and who holds a file open.
 */
final class MemoryDisk {
  private static final Map<String, MemoryDisk> DISKS = new ConcurrentHashMap<>();

  private static final long SIZE = 64L << 20;

  private final Path root;
  private final Map<Path, Long> owners = new ConcurrentHashMap<>();
  private final Map<Path, String> holders = new ConcurrentHashMap<>();

  private MemoryDisk() {
    Configuration configuration = Configuration.unix().toBuilder().setMaxSize(SIZE).build();
    root = Jimfs.newFileSystem(configuration).getPath("/");
  }

  /** Returns the disk of that name; it is blank at first. */
  static MemoryDisk named(String name) {
    return DISKS.computeIfAbsent(name, unused -> new MemoryDisk());
  }

  static void scrap(String name) {
    DISKS.remove(name);
  }

  Path root() {
    return root;
  }

  /** Locks a directory; returns the pid of the process that has locked it already, if any has. */
  Optional<Long> lock(Path directory) {
    return Optional.ofNullable(owners.putIfAbsent(directory, ProcessHandle.current().pid()));
  }

  void unlock(Path directory) {
    owners.remove(directory);
  }

  /** Plays the VM that has a file open, until the answer is closed. */
  AutoCloseable hold(Path file, String who) {
    holders.put(file, who);
    return () -> holders.remove(file);
  }

  /** Returns who holds a file open, if anybody does. */
  Optional<String> holder(Path file) {
    return Optional.ofNullable(holders.get(file));
  }
}
