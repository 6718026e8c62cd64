package io.cistern.linux;

import com.sun.jna.LastErrorException;
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
   * Returns who else holds an open file, such as "loop device /dev/loop3", "process 1234
   * (qemu-system-x86)", or "this process" for another descriptor than the caller's. Empty if none
   * can be named, which does not mean that there is none: that is {@link OpenFile#isHeld()}'s to
   * say.
   *
   * @throws SystemCallException if the file itself can't be asked which one it is
   */
  public List<String> describe(OpenFile open) throws SystemCallException {
    FileStatus file = open.status();
    List<String> holders = new ArrayList<>();
    try {
      loopDevices.backedBy(file).forEach(loop -> holders.add("loop device " + loop.path()));
    } catch (SystemCallException e) {
      // A name is a courtesy: whoever cannot be looked at is not named.
    }
    try {
      new ProcSearch(kernel)
          .holdersBesides(file, open.number())
          .holders()
          .forEach(pid -> holders.add(process(pid)));
    } catch (SystemCallException e) {
      // As above.
    }
    return List.copyOf(holders);
  }

  /**
   * Returns who has a device open, as {@link #describe(OpenFile)} does for a file: other devices on
   * top of it, and processes. Empty if none can be named.
   */
  public List<String> describe(MappedDevice device) throws SystemCallException {
    String node = "dm-" + device.number().substring(device.number().indexOf(':') + 1);
    List<String> holders = new ArrayList<>();
    for (Path above : ProcSearch.children(Path.of("/sys/block", node, "holders"))) {
      holders.add("the device " + above.getFileName());
    }
    try {
      FileStatus status = Statx.quietly("/dev/" + node);
      loopDevices.backedBy(status).forEach(loop -> holders.add("loop device " + loop.path()));
      new ProcSearch(kernel)
          .holdersBesides(status, -1)
          .holders()
          .forEach(pid -> holders.add(process(pid)));
    } catch (SystemCallException | LastErrorException e) {
      // As above: a name is a courtesy.
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
