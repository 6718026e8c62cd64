package io.cistern.driver.file;

import io.cistern.directory.testing.DirectoryFixture;
import io.cistern.directory.testing.FileSystemUnderTest;
import io.cistern.directory.testing.MappedDevices;
import io.cistern.storage.Capability;
import io.cistern.storage.PoolConfig;
import io.cistern.testkit.disk.Command;
import io.cistern.testkit.disk.DiskFileSystem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Pools of the driver, and its devices. */
final class FileFixture extends DirectoryFixture {
  private static final boolean THOROUGH = Boolean.getBoolean("cistern.test.thorough");
  private static final boolean UDEV = Boolean.getBoolean("cistern.test.udev");

  private final int stepsToTry;

  FileFixture(FileSystemUnderTest fileSystem) {
    super(fileSystem);
    this.stepsToTry = UDEV ? 1 : 8;
  }

  private FileFixture(DiskFileSystem own, int stepsToTry) throws IOException {
    super(own);
    this.stepsToTry = stepsToTry;
  }

  /** Makes pools on a file system of their own, whose power can be cut; its image is on the XFS. */
  static FileFixture withPower(FileSystemUnderTest fileSystem) throws IOException {
    return new FileFixture(fileSystem.makePowered(FileSystemUnderTest.XFS), 2);
  }

  /** Makes pools on a file system of their own, whose disk may lose what it has not flushed. */
  static FileFixture withWriteLog(FileSystemUnderTest fileSystem) throws IOException {
    return new FileFixture(fileSystem.makeLogged(), 6);
  }

  @Override
  public Map<String, String> malformedParameters() {
    return Map.of("dir_path", "relative/path", "revisions_to_keep", "2", "cow_reserve", "perhaps");
  }

  @Override
  public Set<Capability> capabilities() {
    return EnumSet.of(
        Capability.REVISIONS,
        Capability.REVERT,
        Capability.ONLINE_RESIZE,
        Capability.OUTDATED_CHECK,
        Capability.EXPORT_WHILE_RUNNING);
  }

  /** Each step is done over in an emulated machine, which is slow. */
  @Override
  public int stepsToTry() {
    return THOROUGH ? Integer.MAX_VALUE : stepsToTry;
  }

  /** Tells whether the suites of section 10 of the contract have the time for an operation. */
  static boolean isTried(String operation) {
    return Boolean.getBoolean("cistern.test.thorough") || operation.equals("stop of origin");
  }

  /** Everything takes long in an emulated machine, most of all if others work beside it. */
  @Override
  public Duration patience() {
    return Duration.ofMinutes(5);
  }

  @Override
  public int maxRevisions() {
    return 1;
  }

  /** The mapper devices of the machine are all the driver's: the guest has no others. */
  @Override
  public Map<String, String> snapshot() {
    Map<String, String> all = new TreeMap<>(super.snapshot());
    mappedDevices().forEach(name -> all.put("/dev/mapper/" + name, "mapper device"));
    return all;
  }

  @Override
  public Optional<Map<String, String>> remains() throws IOException {
    return Optional.of(MappedDevices.addTo(super.remains().orElseThrow()));
  }

  private static List<String> mappedDevices() {
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> devices = Files.newDirectoryStream(Path.of("/sys/block"), "dm-*")) {
      for (Path device : devices) {
        names.add(Files.readString(device.resolve("dm/name")).strip());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return names;
  }

  @Override
  public void breakSession(String vid) throws IOException {
    Path base = first().resolve(vid + ".img");
    String name = "origin-" + Command.run("stat", "--format=%D:%i", base.toString());
    Command.run("dmsetup", "remove", name);
  }

  @Override
  public void plantForeign(String vid) throws IOException {
    super.plantForeign(vid);
    String image = first().resolve(vid).toString();
    plantFile(image + "-cow.img.bak");
    plantFile(image + "-cow.img.old.1");
    plantFile(image + ".img.old~");
    plantFile(image + "-export-x-cow.img");
    plantFile(image + ".img~cows");
  }

  @Override
  protected PoolConfig config(String name, Path directory) {
    return PoolConfig.builder(name, "file").set("dir_path", directory.toString()).build();
  }
}
