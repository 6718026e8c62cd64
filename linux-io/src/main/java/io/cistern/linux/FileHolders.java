package io.cistern.linux;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Names who holds a file, for error messages. */
public final class FileHolders {
  private final Kernel kernel;
  private final LoopDevices loopDevices;

  FileHolders(Kernel kernel, LoopDevices loopDevices) {
    this.kernel = kernel;
    this.loopDevices = loopDevices;
  }

  /**
   * Returns who holds the inode, such as "loop device /dev/loop3", "process 1234
   * (qemu-system-x86)", "this process". Empty if none can be named, which does not mean that there
   * is none: that is {@link OpenFile#isHeld()}'s to say. A descriptor that the caller itself has on
   * the file is named too.
   */
  public List<String> describe(FileStatus file) {
    List<String> holders = new ArrayList<>();
    try {
      loopDevices.backedBy(file).forEach(loop -> holders.add("loop device " + loop.path()));
    } catch (SystemCallException e) {
      // A name is a courtesy: whoever cannot be looked at is not named.
    }
    try {
      new ProcSearch(kernel).holders(file).forEach(pid -> holders.add(process(pid)));
    } catch (SystemCallException e) {
      // As above.
    }
    return List.copyOf(holders);
  }

  private static String process(long pid) {
    if (pid == ProcessHandle.current().pid()) {
      return "this process";
    }
    try {
      Path comm = Path.of("/proc/" + pid + "/comm");
      String name = Files.readString(comm, StandardCharsets.ISO_8859_1).strip();
      return "process " + pid + " (" + name + ")";
    } catch (IOException e) {
      return "process " + pid;
    }
  }
}
