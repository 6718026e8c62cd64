package io.cistern.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * The names below {@code /dev/mapper}: symbolic links to the nodes that the kernel makes, as udev
 * makes them. Made here, so that they are there when a call returns, with udev or without.
 */
final class MapperNodes {
  private static final Path DIRECTORY = Path.of("/dev/mapper");

  private MapperNodes() {}

  static Path path(String name) {
    return DIRECTORY.resolve(name);
  }

  /** Makes the name lead to the device, also if it is left of an earlier one. */
  static void link(MappedDevice device) throws IOException {
    Path minor = Path.of(device.number().substring(device.number().indexOf(':') + 1));
    Path target = Path.of("../dm-" + minor);
    Path link = path(device.name());
    if (Files.isSymbolicLink(link)) {
      if (Files.readSymbolicLink(link).equals(target)) {
        return;
      }
      Files.delete(link);
    } else if (Files.exists(link, LinkOption.NOFOLLOW_LINKS)) {
      // A node of its own, as libdevmapper makes where there is no udev.
      Files.delete(link);
    }
    Files.createSymbolicLink(link, target);
  }

  /**
   * Removes the name of a device that is gone, or goes when it is closed; only if it is a link.
   * That it leads somewhere says nothing: the kernel may have given the number to another device.
   */
  static void unlink(String name) throws IOException {
    Path link = path(name);
    if (Files.isSymbolicLink(link)) {
      try {
        Files.delete(link);
      } catch (NoSuchFileException e) {
        // udev has been quicker.
      }
    }
  }
}
