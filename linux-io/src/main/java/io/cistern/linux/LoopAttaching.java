package io.cistern.linux;

import com.sun.jna.Memory;
import com.sun.jna.NativeLong;
import java.io.IOException;
import java.nio.file.Path;

/** Attaches loop devices; see loop(4), and LOOP_CONFIGURE, which is there since Linux 5.8. */
final class LoopAttaching {
  private static final Path CONTROL = Path.of("/dev/loop-control");
  private static final NativeLong LOOP_CTL_GET_FREE = new NativeLong(0x4C82);
  private static final NativeLong LOOP_CONFIGURE = new NativeLong(0x4C0A);

  /** {@code struct loop_config}: two words, {@code struct loop_info64} and what is reserved. */
  private static final int LOOP_CONFIG_BYTES = 304;

  /** Where {@code lo_flags} is in it. */
  private static final int FLAGS_AT = 8 + 52;

  private static final int LO_FLAGS_READ_ONLY = 1;
  private static final int LO_FLAGS_AUTOCLEAR = 4;
  private static final int ATTEMPTS = 100;

  private final Opener opener;

  LoopAttaching(Opener opener) {
    this.opener = opener;
  }

  /** Others look for free devices too, and may be quicker. */
  LoopAttachment attach(OpenFile file, Access access) throws IOException {
    for (int attempt = 1; ; attempt++) {
      Path path = Path.of("/dev/loop" + freeNumber());
      Descriptor device = opener.device(path);
      try (Undo undo = new Undo()) {
        undo.push(device::close);
        configure(device, file, access);
        LoopAttachment attached =
            new LoopAttachment(new LoopDevice(path), device, Statx.deviceNumber(device));
        undo.disarm();
        return attached;
      } catch (SystemCallException e) {
        if (!e.errno().equals(Errno.EBUSY) || attempt == ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  private long freeNumber() throws SystemCallException {
    try (Descriptor control = opener.device(CONTROL)) {
      return control.call(
          "ioctl(LOOP_CTL_GET_FREE)", fd -> VariadicLibC.INSTANCE.ioctl(fd, LOOP_CTL_GET_FREE, 0L));
    }
  }

  private static void configure(Descriptor device, OpenFile file, Access access)
      throws SystemCallException {
    try (Memory config = new Memory(LOOP_CONFIG_BYTES)) {
      config.clear();
      config.setInt(0, file.number());
      int readOnly = access == Access.READ ? LO_FLAGS_READ_ONLY : 0;
      config.setInt(FLAGS_AT, LO_FLAGS_AUTOCLEAR | readOnly);
      device.call(
          "ioctl(LOOP_CONFIGURE)",
          device.path() + " on " + file.path(),
          fd -> VariadicLibC.INSTANCE.ioctl(fd, LOOP_CONFIGURE, config));
    }
  }
}
