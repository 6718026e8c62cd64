/**
 * The driver {@code file}: volumes as sparse files on any file system, with device-mapper snapshots
 * for copy-on-write.
 */
module io.cistern.driver.file {
  requires static org.jspecify;
  requires com.google.common;
  requires io.cistern.directory;
  requires io.cistern.linux;
  requires io.cistern.storage;
  requires org.slf4j;

  provides io.cistern.storage.spi.PoolDriver with
      io.cistern.driver.file.FileDriver;
}
