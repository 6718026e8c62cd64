package io.cistern.driver.lvmthin;

/** The names that LVM gives to its device-mapper devices. */
final class DeviceNames {
  private DeviceNames() {}

  /** Returns the name of a logical volume's device. */
  static String of(String volumeGroup, String name) {
    return escaped(volumeGroup) + "-" + escaped(name);
  }

  /** Returns the name of the device in which a thin pool's volumes are. */
  static String ofPool(String volumeGroup, String thinPool) {
    return of(volumeGroup, thinPool) + "-tpool";
  }

  private static String escaped(String name) {
    return name.replace("-", "--");
  }
}
