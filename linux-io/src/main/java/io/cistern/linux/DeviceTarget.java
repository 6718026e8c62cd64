package io.cistern.linux;

/**
 * A line of a device-mapper table, or of the status of one.
 *
 * @param start where it begins on the device, in sectors of 512 bytes
 * @param length how many sectors it has
 * @param type what it is: {@code "snapshot"}, {@code "linear"}
 * @param parameters what the type is given, or for a status what it tells
 */
public record DeviceTarget(long start, long length, String type, String parameters) {
  /** The unit of {@link #start} and {@link #length}, in bytes. */
  public static final int SECTOR = 512;

  /** Returns a target that makes up a whole device of so many bytes. */
  public static DeviceTarget whole(long bytes, String type, String parameters) {
    return new DeviceTarget(0, bytes / SECTOR, type, parameters);
  }

  @Override
  public String toString() {
    return (start + " " + length + " " + type + " " + parameters).strip();
  }
}
