package io.cistern.linux;

/**
 * A loop device that was attached to a file. It is detached as soon as nobody has it open: this
 * keeps it open until it is closed, and then so does whatever was put on top of it.
 */
public final class LoopAttachment implements AutoCloseable {
  private final LoopDevice device;
  private final Descriptor descriptor;
  private final String number;

  LoopAttachment(LoopDevice device, Descriptor descriptor, String number) {
    this.device = device;
    this.descriptor = descriptor;
    this.number = number;
  }

  /** Returns the device. */
  public LoopDevice device() {
    return device;
  }

  /** Returns the device number as a table of device-mapper has it, {@code major:minor}. */
  public String number() {
    return number;
  }

  /** Lets go of the device; a second time does nothing. */
  @Override
  public void close() {
    descriptor.close();
  }

  @Override
  public String toString() {
    return device.path().toString();
  }
}
