/**
 * The driver {@code file-reflink}: volumes as image files, cloned with {@code FICLONE} on btrfs and
 * XFS, and copied sparsely elsewhere.
 */
module io.cistern.driver.reflink {
  requires static org.jspecify;
  requires com.google.common;
  requires io.cistern.directory;
  requires io.cistern.linux;
  requires io.cistern.storage;
  requires org.slf4j;

  provides io.cistern.storage.spi.PoolDriver with
      io.cistern.driver.reflink.ReflinkDriver;
}
