package io.cistern.examples;

import io.cistern.storage.BlockDevice;
import io.cistern.storage.Pool;
import io.cistern.storage.StopMode;
import io.cistern.storage.Volume;
import io.cistern.storage.VolumeConfig;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The disks of one virtual machine, which start and stop together.
 *
 * <ul>
 *   <li>{@code root} is a snapshot of a template: what the VM writes there is gone at its next
 *       start, and an update of the template reaches every VM at its next start.
 *   <li>{@code private} is the VM's own: each stop commits it, and what it was before is a revision
 *       for a while.
 *   <li>{@code swap} is fresh at each start.
 * </ul>
 *
 * @param name of the VM
 * @param root the system
 * @param privateDisk what the VM keeps
 * @param swap what it does not
 */
public record Vm(String name, Volume root, Volume privateDisk, Volume swap) {
  /** What to attach to a started VM. */
  public record Disks(BlockDevice root, BlockDevice privateDisk, BlockDevice swap) {}

  private static final int REVISIONS = 3;

  /** Declares the disks of a VM. Nothing on disk changes. */
  public static Vm declare(
      Pool pool, String name, Volume template, long privateSize, long swapSize) {
    String directory = "appvms/" + name;
    return new Vm(
        name,
        pool.volume(VolumeConfig.snapshot(directory, "root").source(template.id()).build()),
        pool.volume(
            VolumeConfig.origin(directory, "private")
                .size(privateSize)
                .revisionsToKeep(REVISIONS)
                .build()),
        pool.volume(VolumeConfig.volatileVolume(directory, "swap").size(swapSize).build()));
  }

  /** Makes what a new VM needs: its private disk. The other two are made at each start. */
  public CompletableFuture<Vm> create() {
    return privateDisk.create().thenApply(created -> this);
  }

  /** Makes the VM with the content of another one's private disk, which may be running. */
  public CompletableFuture<Vm> createFrom(Vm original) {
    return privateDisk.importVolume(original.privateDisk).thenApply(imported -> this);
  }

  /**
   * Starts all disks in parallel. If one can't be started, those that have nothing to lose are
   * stopped. The private disk stays started if it could be: the next start finds it as it is, and
   * no revision is spent on a start that failed.
   */
  public CompletableFuture<Disks> start() {
    CompletableFuture<BlockDevice> rootStart = root.start();
    CompletableFuture<BlockDevice> privateStart = privateDisk.start();
    CompletableFuture<BlockDevice> swapStart = swap.start();
    return CompletableFuture.allOf(rootStart, privateStart, swapStart)
        .thenApply(done -> new Disks(rootStart.join(), privateStart.join(), swapStart.join()))
        .exceptionallyCompose(
            failure ->
                allOf(List.of(root.stop(), swap.stop()))
                    .handle((stopped, ignored) -> failure)
                    .thenCompose(CompletableFuture::failedFuture));
  }

  /** Stops all disks in parallel; the private one is committed. */
  public CompletableFuture<Vm> stop() {
    return allOf(volumes().stream().map(Volume::stop).toList()).thenApply(stopped -> this);
  }

  /** Stops the VM and forgets what it wrote to its private disk since its start. */
  public CompletableFuture<Vm> discard() {
    return allOf(volumes().stream().map(volume -> volume.stop(StopMode.DISCARD)).toList())
        .thenApply(stopped -> this);
  }

  /** Removes a stopped VM with all its revisions. */
  public CompletableFuture<Void> remove() {
    return allOf(volumes().stream().map(Volume::remove).toList());
  }

  /** Returns the three disks. */
  public List<Volume> volumes() {
    return List.of(root, privateDisk, swap);
  }

  private static CompletableFuture<Void> allOf(List<? extends CompletableFuture<?>> futures) {
    return CompletableFuture.allOf(futures.toArray(CompletableFuture[]::new));
  }
}
