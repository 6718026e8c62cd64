package io.cistern.driver.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.cistern.directory.testing.FileSystemUnderTest;
import io.cistern.storage.Revision;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.Volume;
import io.cistern.testkit.disk.Command;
import io.cistern.testkit.disk.FullFileSystem;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Reverts that fail, find no room, or are killed. */
class RevertsGuestIT {
  private static final int CHUNK = 128 << 10;

  /** What the store takes that guards the base: its beginning, and each chunk once, and no more. */
  private static final long GUARD = 12 * CHUNK;

  @Test
  void aRevertWithoutRoomLeavesNoDeviceAndNoStore() throws Exception {
    try (FilePools disks = FilePools.on(FileSystemUnderTest.EXT4)) {
      Volume root = disks.origin("vm/root", "first!");
      FilePools.commit(root, "second");
      Set<String> before = FilePools.devices();
      disks
          .trap()
          .fail(
              step -> step.name().equals("fallocate") && step.detail().contains("/root-cow.img"),
              "ENOSPC");
      FilePools.refused(root.revert(), Code.OUT_OF_SPACE);
      assertThat(FilePools.devices()).isEqualTo(before);
      assertThat(disks.directory().resolve("vm/root-cow.img")).doesNotExist();
      FilePools.get(root.revert());
      assertThat(FilePools.committed(root, 6)).isEqualTo("first!");
      FilePools.get(root.remove());
    }
  }

  @Test
  void aRemovalAfterAKilledRevertLeavesNoDevice() throws Exception {
    try (FilePools disks = FilePools.on(FileSystemUnderTest.EXT4)) {
      Volume root = disks.origin("vm/root", "first!");
      FilePools.commit(root, "second");
      Set<String> before = FilePools.devices();
      disks
          .trap()
          .die(step -> step.name().equals("pwrite64") && step.detail().contains("/origin-"));
      assertThat(catchThrowable(() -> FilePools.get(root.revert()))).isNotNull();
      assertThat(FilePools.devices()).hasSize(before.size() + 2);
      disks.trap().revive();
      disks.reopen();
      FilePools.get(disks.declared("vm/root").remove());
      assertThat(FilePools.devices()).isEqualTo(before);
    }
  }

  /** Each chunk has one block that was written to; what goes back is zeros, mostly into holes. */
  @Test
  void aRevertOnAFullFileSystemFillsNoHoleWithZeros() throws Exception {
    try (FilePools disks = FilePools.in(small(), "none")) {
      Volume root = disks.declared("vm/root");
      FilePools.get(root.create());
      commitEachChunk(root, 4096, 'x');
      long before = allocated(disks);
      try (AutoCloseable full = fullButFor(GUARD)) {
        FilePools.get(root.revert());
      }
      assertThat(allocated(disks)).isLessThanOrEqualTo(before);
      assertThat(FilePools.committed(root, 6)).isEqualTo("\0\0\0\0\0\0");
      FilePools.get(root.revert());
      assertThat(FilePools.committed(root, 6)).isEqualTo("xxxxxx");
      FilePools.get(root.remove());
    }
  }

  /** Once there is too little for the base, once too little for the guard as well. */
  @Test
  void aRevertWithoutRoomForWhatFillsTheHolesOfTheBaseSaysSoAndChangesNothing() throws Exception {
    try (FilePools disks = FilePools.in(small(), "none")) {
      Volume root = disks.declared("vm/root");
      FilePools.get(root.create());
      commitEachChunk(root, CHUNK, 'x');
      commitEachChunk(root, CHUNK, '\0');
      punch(disks);
      List<Revision> revisions = FilePools.get(root.revisions());
      Set<String> devices = FilePools.devices();
      long before = allocated(disks);
      for (long room : new long[] {GUARD, FilePools.SIZE / 2}) {
        try (AutoCloseable full = fullButFor(room)) {
          FilePools.refused(root.revert(), Code.OUT_OF_SPACE);
        }
        assertThat(allocated(disks)).isEqualTo(before);
        assertThat(FilePools.devices()).isEqualTo(devices);
        assertThat(FilePools.get(root.revisions())).isEqualTo(revisions);
        assertThat(FilePools.committed(root, 6)).isEqualTo("\0\0\0\0\0\0");
      }
      FilePools.get(root.revert());
      assertThat(FilePools.committed(root, 6)).isEqualTo("xxxxxx");
      FilePools.get(root.remove());
    }
  }

  private static void commitEachChunk(Volume root, int bytes, char what) throws Exception {
    byte[] content = new byte[bytes];
    Arrays.fill(content, (byte) what);
    try (FileChannel device =
        FileChannel.open(FilePools.start(root).path(), StandardOpenOption.WRITE)) {
      for (long at = 0; at < FilePools.SIZE; at += CHUNK) {
        device.write(ByteBuffer.wrap(content), at);
      }
      device.force(true);
    }
    FilePools.stop(root);
  }

  /** As whoever looks for zeros to save space does. */
  private static void punch(FilePools disks) throws Exception {
    Command.run(
        "fallocate",
        "--punch-hole",
        "--length",
        Long.toString(FilePools.SIZE),
        disks.directory() + "/vm/root.img");
  }

  private static long allocated(FilePools disks) throws Exception {
    return Long.parseLong(
        Command.run("stat", "--format=%b", disks.directory() + "/vm/root.img").strip());
  }

  private static AutoCloseable fullButFor(long bytes) throws Exception {
    Path room = small().resolve("room");
    Command.run("fallocate", "--length", Long.toString(bytes), room.toString());
    AutoCloseable full = new FullFileSystem(small());
    Files.delete(room);
    Command.run("sync");
    return full;
  }

  private static Path small() {
    return Path.of(System.getProperty("cistern.test.ext4.small", ""));
  }
}
