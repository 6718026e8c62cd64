/**
 * Disks for the suites of the testkit that cut the power, and file systems on them. They need
 * Linux, root, loop devices and, for a log of writes, FUSE.
 */
module io.cistern.testkit.disk {
  requires com.sun.jna;
  requires io.cistern.linux;
  requires transitive io.cistern.testkit;
  requires static transitive org.jspecify;

  exports io.cistern.testkit.disk;

  opens io.cistern.testkit.disk to
      com.sun.jna;
}
