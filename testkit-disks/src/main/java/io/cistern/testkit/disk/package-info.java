/**
 * Disks that a {@link io.cistern.testkit.PoolFixture} can have its pools on, so that {@link
 * io.cistern.testkit.PowerCutConformance} and {@link io.cistern.testkit.WriteLogConformance} can
 * cut their power: {@link io.cistern.testkit.disk.PoweredFileSystem} and {@link
 * io.cistern.testkit.disk.LoggedFileSystem} for a driver whose pools are directories, {@link
 * io.cistern.testkit.disk.PoweredDisk} and {@link io.cistern.testkit.disk.LoggedDisk} for one that
 * wants a block device.
 *
 * <p>They are for tests on Linux, as root, with losetup(8), mount(8), mkfs(8) and their like in the
 * PATH; what one of these says is in the message of the {@link java.io.IOException} that tells of
 * its failure.
 */
@NullMarked
package io.cistern.testkit.disk;

import org.jspecify.annotations.NullMarked;
