package io.cistern.driver.reflink;

import io.cistern.directory.testing.DirectoryFixture;
import io.cistern.directory.testing.FileSystemUnderTest;
import io.cistern.storage.Capability;
import io.cistern.storage.PoolConfig;
import io.cistern.testkit.disk.Command;
import io.cistern.testkit.disk.DiskFileSystem;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Pools of the driver on a file system with or without reflinks. */
class ReflinkFixture extends DirectoryFixture {
  private final FileSystemUnderTest fileSystem;

  ReflinkFixture(FileSystemUnderTest fileSystem) {
    super(fileSystem);
    this.fileSystem = fileSystem;
  }

  ReflinkFixture(FileSystemUnderTest fileSystem, DiskFileSystem own) throws IOException {
    super(own);
    this.fileSystem = fileSystem;
  }

  /** Makes pools on a file system of their own, whose power can be cut. */
  static ReflinkFixture withPower(FileSystemUnderTest fileSystem) throws IOException {
    return new ReflinkFixture(fileSystem, fileSystem.makePowered(FileSystemUnderTest.BTRFS));
  }

  /** Makes pools on a file system of their own, whose disk may lose what it has not flushed. */
  static ReflinkFixture withWriteLog(FileSystemUnderTest fileSystem) throws IOException {
    return new ReflinkFixture(fileSystem, fileSystem.makeLogged());
  }

  @Override
  public Map<String, String> malformedParameters() {
    return Map.of(
        "dir_path", "relative/path", "revisions_to_keep", "many", "setup_check", "perhaps");
  }

  @Override
  public Set<Capability> capabilities() {
    return fileSystem.hasReflinks()
        ? EnumSet.allOf(Capability.class)
        : EnumSet.complementOf(EnumSet.of(Capability.INSTANT_CLONE));
  }

  @Override
  public void breakSession(String vid) throws IOException {
    Files.delete(first().resolve(vid + "-dirty.img"));
  }

  /** Writes as a reader without root's powers would: an export by link is protected by its mode. */
  @Override
  public void write(Path image, long offset, byte[] bytes) throws IOException {
    if (!Files.getPosixFilePermissions(image).contains(PosixFilePermission.OWNER_WRITE)) {
      throw new AccessDeniedException(image.toString());
    }
    super.write(image, offset, bytes);
  }

  @Override
  public Optional<Discard> discard() {
    return Optional.of(
        (device, offset, length) ->
            Command.run(
                "fallocate",
                "--punch-hole",
                "--offset",
                Long.toString(offset),
                "--length",
                Long.toString(length),
                device.toString()));
  }

  @Override
  protected PoolConfig config(String name, Path directory) {
    PoolConfig.Builder builder =
        PoolConfig.builder(name, "file-reflink").set("dir_path", directory.toString());
    if (!fileSystem.hasReflinks()) {
      builder.set("setup_check", "no");
    }
    return builder.build();
  }
}
