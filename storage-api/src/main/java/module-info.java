/**
 * Copy-on-write disks for virtual machines: pools, volumes, snapshots, revisions, clones, imports.
 *
 * <p>{@link io.cistern.storage} is what a VM manager calls; {@link io.cistern.storage.spi} is what
 * the author of a storage driver extends.
 */
module io.cistern.storage {
  requires static transitive org.jspecify;
  requires com.google.common;
  requires org.slf4j;

  exports io.cistern.storage;
  exports io.cistern.storage.spi;

  uses io.cistern.storage.spi.PoolDriver;
}
