/** The driver {@code lvm_thin}: volumes as thin-provisioned logical volumes. */
module io.cistern.driver.lvmthin {
  requires static org.jspecify;
  requires com.fasterxml.jackson.core;
  requires com.google.common;
  requires io.cistern.linux;
  requires io.cistern.storage;
  requires org.slf4j;

  provides io.cistern.storage.spi.PoolDriver with
      io.cistern.driver.lvmthin.LvmThinDriver;
}
