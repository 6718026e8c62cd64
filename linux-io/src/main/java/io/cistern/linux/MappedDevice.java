package io.cistern.linux;

import java.nio.file.Path;

/**
 * A device-mapper device, as it was when it was asked.
 *
 * @param name its name
 * @param uuid its lasting name, empty if it has none
 * @param number the device number as a table has it, {@code major:minor}
 * @param openCount by how many it is open or used: processes, mounts, other devices on top of it
 * @param suspended whether I/O to it waits
 * @param active whether it has a table that it works by; one without was not finished
 */
public record MappedDevice(
    String name, String uuid, String number, int openCount, boolean suspended, boolean active) {
  /** Returns the node by which it is known to users. */
  public Path path() {
    return MapperNodes.path(name);
  }
}
