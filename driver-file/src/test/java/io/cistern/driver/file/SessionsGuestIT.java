package io.cistern.driver.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.cistern.directory.testing.FileSystemUnderTest;
import io.cistern.storage.StopMode;
import io.cistern.storage.StorageEvent;
import io.cistern.storage.StorageException;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.Volume;
import io.cistern.storage.VolumeExport;
import io.cistern.storage.VolumeState;
import io.cistern.testkit.disk.Command;
import io.cistern.testkit.disk.FullFileSystem;
import io.cistern.testkit.disk.LoopDevice;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Sessions whose devices outlive the process, are held, or lose their store. */
class SessionsGuestIT {
  private static final int CHUNK = 128 << 10;

  @Test
  void aHeldDeviceIsNamedAndAStopWaitsForThoseWhoAreGoneInAMoment() throws Exception {
    try (FilePools disks = FilePools.on(FileSystemUnderTest.EXT4)) {
      Volume root = disks.origin("vm/root", "first!");
      Path device = FilePools.start(root).path();
      try (LoopDevice loop = LoopDevice.attach(device)) {
        StorageException failure = FilePools.refused(root.stop(), Code.VOLUME_IN_USE);
        assertThat(failure).hasMessageContaining(loop.path().toString());
        assertThat(FilePools.get(root.state())).isEqualTo(VolumeState.STARTED);
      }
      CompletableFuture<?> looking = holdBriefly(device);
      FilePools.stop(root);
      looking.join();
      assertThat(FilePools.get(root.state())).isEqualTo(VolumeState.STOPPED);
      FilePools.get(root.remove());
    }
  }

  /** As whoever looks at a new device does: too late for the question, in time for the removal. */
  private static CompletableFuture<?> holdBriefly(Path device) throws Exception {
    FileChannel channel = FileChannel.open(device, StandardOpenOption.READ);
    return CompletableFuture.runAsync(
        () -> {
          try (channel) {
            TimeUnit.MILLISECONDS.sleep(50);
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
        });
  }

  @Test
  void aSessionIsFoundAgainAfterARestartStartedIfHeldAndCrashedIfNot() throws Exception {
    try (FilePools disks = FilePools.on(FileSystemUnderTest.XFS)) {
      Volume root = disks.origin("vm/root", "first!");
      Path device = FilePools.start(root).path();
      FilePools.write(device, "second");
      try (FileChannel vm = FileChannel.open(device, StandardOpenOption.WRITE)) {
        disks.reopen();
        Volume again = disks.declared("vm/root");
        assertThat(FilePools.get(again.state())).isEqualTo(VolumeState.STARTED);
        assertThat(FilePools.get(again.blockDevice()).path()).isEqualTo(device);
        assertThat(FilePools.committed(again, 6)).isEqualTo("first!");
        vm.write(ByteBuffer.wrap("third!".getBytes(java.nio.charset.StandardCharsets.UTF_8)), 0);
        vm.force(true);
      }
      Volume again = disks.declared("vm/root");
      assertThat(FilePools.get(again.state())).isEqualTo(VolumeState.CRASHED);
      assertThat(FilePools.get(again.isDirty())).isTrue();
      FilePools.stop(again);
      assertThat(FilePools.committed(again, 6)).isEqualTo("third!");
      FilePools.get(again.remove());
    }
  }

  @Test
  void aSessionIsContinuedThoughEveryDeviceOfItIsGone() throws Exception {
    try (FilePools disks = FilePools.on(FileSystemUnderTest.EXT4)) {
      Volume root = disks.origin("vm/root", "first!");
      FilePools.write(FilePools.start(root).path(), "second");
      disks.closeStorage();
      Command.run(
          "dmsetup",
          "remove",
          DriverChangeGuestIT.originOf(disks.directory().resolve("vm/root.img")));
      Command.run("sh", "-c", "dmsetup ls | cut -f 1 | grep ^snapshot | xargs dmsetup remove");
      disks.reopen();
      Volume again = disks.declared("vm/root");
      assertThat(FilePools.get(again.state())).isEqualTo(VolumeState.CRASHED);
      assertThat(FilePools.read(FilePools.start(again).path(), 6)).isEqualTo("second");
      assertThat(FilePools.committed(again, 6)).isEqualTo("first!");
      FilePools.get(again.stop(StopMode.DISCARD));
      assertThat(FilePools.committed(again, 6)).isEqualTo("first!");
      FilePools.get(again.remove());
    }
  }

  @Test
  void aStoreThatBecameInvalidCostsTheRevisionButNeverTheBase() throws Exception {
    try (FilePools disks = FilePools.in(small(), "none")) {
      Volume root = disks.origin("vm/root", "first!");
      allocate(disks);
      Path device = FilePools.start(root).path();
      try (AutoCloseable full = new FullFileSystem(small())) {
        overwrite(device);
        refusedForLostBlocks(root.stop(StopMode.DISCARD));
        FilePools.stop(root);
      }
      assertThat(disks.events())
          .extracting(StorageEvent::type)
          .contains(StorageEvent.Type.REVISION_LOST);
      assertThat(FilePools.get(root.revisions())).isEmpty();
      assertThat(FilePools.committed(root, 6)).isEqualTo("xxxxxx");
      FilePools.commit(root, "second");
      assertThat(FilePools.get(root.revisions())).hasSize(1);
      FilePools.get(root.remove());
    }
  }

  @Test
  void aStoreThatSomebodyHasRemovedCostsTheRevisionButNeverTheBase() throws Exception {
    try (FilePools disks = FilePools.on(FileSystemUnderTest.EXT4)) {
      Volume root = disks.origin("vm/root", "first!");
      FilePools.write(FilePools.start(root).path(), "second");
      Files.delete(disks.directory().resolve("vm/root-cow.img"));
      refusedForLostBlocks(root.stop(StopMode.DISCARD));
      FilePools.stop(root);
      assertThat(disks.events())
          .extracting(StorageEvent::type)
          .contains(StorageEvent.Type.REVISION_LOST);
      assertThat(FilePools.get(root.revisions())).isEmpty();
      assertThat(FilePools.committed(root, 6)).isEqualTo("second");
      FilePools.commit(root, "third!");
      assertThat(FilePools.get(root.revisions())).hasSize(1);
      FilePools.get(root.remove());
    }
  }

  /** The kernel tells of it once, to one who has the device open, and never through the base. */
  @Test
  void whatTheBaseDidNotTakeWhenTheVmClosedItsDeviceIsNotCommitted() throws Exception {
    try (FilePools disks = FilePools.in(small(), "full")) {
      Volume root = disks.origin("vm/root", "first!");
      Path device = FilePools.start(root).path();
      try (AutoCloseable full = new FullFileSystem(small())) {
        writeWithoutFlush(device);
        StorageException failure = FilePools.refused(root.stop());
        assertThat(failure).hasMessageContaining("root").hasMessageContaining("fsync");
        assertThat(FilePools.get(root.state())).isEqualTo(VolumeState.STARTED);
      }
      FilePools.get(root.stop(StopMode.DISCARD));
      assertThat(FilePools.committed(root, 6)).isEqualTo("first!");
      FilePools.get(root.remove());
    }
  }

  /** On a file system that is full the kernel may not even be able to write that it gave it up. */
  @Test
  void aStoreOfWhichOnlyTheKernelKnowsThatItIsInvalidIsNotPutBack() throws Exception {
    try (FilePools disks = FilePools.in(small(), "none")) {
      Volume root = disks.origin("vm/root", "first!");
      allocate(disks);
      Path device = FilePools.start(root).path();
      try (AutoCloseable full = new FullFileSystem(small())) {
        overwrite(device);
      }
      sayThatItIsValid(disks.directory().resolve("vm/root-cow.img"));
      refusedForLostBlocks(root.stop(StopMode.DISCARD));
      refusedForLostBlocks(root.export());
      Volume app = disks.snapshot("vm/app", root);
      FilePools.refused(app.start(), Code.IO);
      FilePools.get(app.remove());
      FilePools.stop(root);
      assertThat(FilePools.get(root.revisions())).isEmpty();
      assertThat(FilePools.committed(root, 6)).isEqualTo("xxxxxx");
      FilePools.get(root.remove());
    }
  }

  private static void refusedForLostBlocks(CompletableFuture<?> future) {
    assertThat(FilePools.refused(future, Code.IO))
        .hasMessageContaining("root-cow.img")
        .hasMessageContaining("COMMIT");
  }

  /** See {@code struct disk_header} of dm-snap-persistent.c. */
  private static void sayThatItIsValid(Path store) throws Exception {
    try (FileChannel channel = FileChannel.open(store, StandardOpenOption.WRITE)) {
      ByteBuffer valid = ByteBuffer.allocate(4).order(java.nio.ByteOrder.LITTLE_ENDIAN).putInt(1);
      channel.write(valid.flip(), 4);
    }
  }

  @Test
  void aSnapshotWithAReserveThatCanNotBeEnlargedSaysSoWhenItIsToGrow() throws Exception {
    try (FilePools disks = FilePools.in(small(), "full")) {
      Volume root = disks.origin("vm/root", "first!");
      Volume app = disks.snapshot("vm/app", root);
      FilePools.start(app);
      try (AutoCloseable full = new FullFileSystem(small())) {
        FilePools.refused(app.resize(3 * FilePools.SIZE), Code.OUT_OF_SPACE);
      }
      assertThat(FilePools.get(app.size())).hasValue(FilePools.SIZE);
      FilePools.get(app.resize(3 * FilePools.SIZE));
      FilePools.stop(app);
      FilePools.get(app.remove());
      FilePools.get(root.remove());
    }
  }

  @Test
  void aReservedStoreStaysValidOnAFullFileSystem() throws Exception {
    try (FilePools disks = FilePools.in(small(), "full")) {
      Volume root = disks.origin("vm/root", "first!");
      allocate(disks);
      Path device = FilePools.start(root).path();
      try (AutoCloseable full = new FullFileSystem(small())) {
        overwrite(device);
        FilePools.get(root.stop(StopMode.DISCARD));
      }
      assertThat(FilePools.committed(root, 6)).isEqualTo("first!");
      FilePools.get(root.remove());
    }
  }

  @Test
  void aStartWithoutRoomForTheStoreSaysSo() throws Exception {
    try (FilePools disks = FilePools.in(small(), "none")) {
      Volume root = disks.origin("vm/root", "first!");
      try (AutoCloseable full = new FullFileSystem(small())) {
        FilePools.refused(root.start(), Code.OUT_OF_SPACE);
      }
      FilePools.commit(root, "second");
      FilePools.get(root.remove());
    }
  }

  @Test
  void anExportOfAWholeRevisionStaysThoughItBecomesTheBaseAndIsWrittenTo() throws Exception {
    try (FilePools disks = FilePools.on(FileSystemUnderTest.XFS)) {
      Volume root = disks.origin("vm/root", "first!");
      byte[] imported = new byte[(int) FilePools.SIZE];
      FilePools.get(
          root.importFrom(
              java.nio.channels.Channels.newChannel(new java.io.ByteArrayInputStream(imported)),
              FilePools.SIZE));
      var revision = FilePools.get(root.revisions()).get(0).id();
      try (VolumeExport export = FilePools.get(root.export(revision))) {
        FilePools.get(root.revert());
        FilePools.commit(root, "second");
        assertThat(FilePools.read(export.path(), 6)).isEqualTo("first!");
        assertThat(FilePools.committed(root, 6)).isEqualTo("second");
      }
      FilePools.get(root.remove());
    }
  }

  @Test
  void aSnapshotThatGrowsKeepsWhatWasWritten() throws Exception {
    try (FilePools disks = FilePools.on(FileSystemUnderTest.EXT4)) {
      Volume root = disks.origin("vm/root", "first!");
      Volume app = disks.snapshot("vm/app", root);
      Path device = FilePools.start(app).path();
      FilePools.write(device, "mine!!");
      FilePools.get(app.resize(3 * FilePools.SIZE));
      FilePools.get(app.resize(5 * FilePools.SIZE));
      assertThat(FilePools.get(app.size())).hasValue(5 * FilePools.SIZE);
      assertThat(Command.run("blockdev", "--getsize64", device.toString()))
          .isEqualTo(Long.toString(5 * FilePools.SIZE));
      assertThat(FilePools.read(device, 6)).isEqualTo("mine!!");
      FilePools.stop(app);
      FilePools.get(app.remove());
      FilePools.get(root.remove());
    }
  }

  /** A VM whose disk answers no more can't even be killed. */
  @Test
  void aDeviceThatADeadProcessHasLeftSuspendedWorksAgainWhenItsVolumeIsAskedForItsState()
      throws Exception {
    try (FilePools disks = FilePools.on(FileSystemUnderTest.EXT4)) {
      Volume root = disks.origin("vm/root", "first!");
      Volume app = disks.snapshot("vm/app", root);
      Path device = FilePools.start(app).path();
      try (FileChannel vm = FileChannel.open(device, StandardOpenOption.READ)) {
        disks.closeStorage();
        Command.run("dmsetup", "suspend", device.getFileName().toString());
        CompletableFuture<Integer> reading = readAside(vm);
        assertThat(reading).isNotDone();
        disks.reopen();
        FilePools.refused(
            disks.snapshot("vm/app", root).stop(StopMode.DISCARD), Code.VOLUME_IN_USE);
        assertThat(FilePools.get(reading)).isEqualTo(CHUNK);
      }
      Volume again = disks.snapshot("vm/app", disks.declared("vm/root"));
      FilePools.get(again.stop(StopMode.DISCARD));
      FilePools.get(again.remove());
      FilePools.get(disks.declared("vm/root").remove());
    }
  }

  private static CompletableFuture<Integer> readAside(FileChannel vm) throws Exception {
    CompletableFuture<Integer> reading =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return vm.read(ByteBuffer.allocate(CHUNK), FilePools.SIZE / 2);
              } catch (java.io.IOException e) {
                throw new java.io.UncheckedIOException(e);
              }
            });
    TimeUnit.MILLISECONDS.sleep(500);
    return reading;
  }

  /** Without holes, so that what the VM writes finds room in the base. */
  private static void allocate(FilePools disks) throws Exception {
    Command.run("fallocate", "--length", "1MiB", disks.directory() + "/vm/root.img");
  }

  private static Path small() {
    return Path.of(System.getProperty("cistern.test.ext4.small", ""));
  }

  /** Into holes of the base; closing it last writes it out. */
  private static void writeWithoutFlush(Path device) throws Exception {
    byte[] bytes = new byte[CHUNK];
    java.util.Arrays.fill(bytes, (byte) 'x');
    try (FileChannel channel = FileChannel.open(device, StandardOpenOption.WRITE)) {
      for (int chunk = 1; chunk < FilePools.SIZE / CHUNK; chunk++) {
        channel.write(ByteBuffer.wrap(bytes), (long) chunk * CHUNK);
      }
    }
  }

  private static void overwrite(Path device) throws Exception {
    byte[] bytes = new byte[CHUNK];
    java.util.Arrays.fill(bytes, (byte) 'x');
    try (FileChannel channel = FileChannel.open(device, StandardOpenOption.WRITE)) {
      for (int chunk = 0; chunk < FilePools.SIZE / CHUNK; chunk++) {
        channel.write(ByteBuffer.wrap(bytes), (long) chunk * CHUNK);
      }
      channel.force(true);
    }
    assertThat(Files.exists(device)).isTrue();
  }
}
