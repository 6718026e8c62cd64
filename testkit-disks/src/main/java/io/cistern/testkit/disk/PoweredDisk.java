package io.cistern.testkit.disk;

import io.cistern.linux.Access;
import io.cistern.linux.Directory;
import io.cistern.linux.Linux;
import io.cistern.linux.OpenFile;
import io.cistern.linux.SystemCallException;
import io.cistern.linux.Undo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A disk whose power can be cut: an image, to be attached to a loop device, on a file system with
 * reflinks. A clone of the image, made while it is attached, is what the disk holds at that
 * instant. Not safe for use by many threads.
 */
public final class PoweredDisk extends Disk {
  private static final Linux LINUX = Linux.create();
  private static final String IMAGE = "image";
  private static final String CUT = "cut";
  private static final String TRIAL = "trial";

  private final Path directory;
  private final Path image;
  private String lastWrites = "";
  private int cuts;

  private PoweredDisk(Path directory) throws IOException {
    super(directory, "power");
    this.directory = directory;
    this.image = place().resolve(IMAGE);
  }

  /**
   * Makes an empty disk.
   *
   * @param directory what its images lie in, on a file system with reflinks
   * @param size in bytes
   * @throws IOException also if that file system clones no files
   */
  public static PoweredDisk empty(Path directory, long size) throws IOException {
    PoweredDisk disk = new PoweredDisk(directory);
    try (Undo undo = new Undo()) {
      undo.push(disk::close);
      Command.run("truncate", "--size", Long.toString(size), disk.image.toString());
      disk.copyTo(disk.place(), TRIAL);
      Files.delete(disk.place().resolve(TRIAL));
      undo.disarm();
    }
    return disk;
  }

  /** Makes another disk that holds the same. */
  public PoweredDisk copy() throws IOException {
    PoweredDisk copy = new PoweredDisk(directory);
    copyTo(copy.place(), IMAGE);
    return copy;
  }

  @Override
  public Path image() {
    return image;
  }

  /**
   * As {@link io.cistern.testkit.PowerSupply#cut} has it; one loop device is attached.
   *
   * @throws IOException also if there are none or two
   */
  @Override
  public int cut() throws IOException {
    String writes = writes();
    if (!writes.equals(lastWrites)) {
      cuts++;
      copyTo(place(), CUT + cuts);
      lastWrites = writes;
    }
    return cuts;
  }

  private void copyTo(Path target, String name) throws IOException {
    copy(image, target, name);
  }

  private void copy(Path source, Path target, String name) throws IOException {
    try (Directory directory = LINUX.openDirectory(target);
        OpenFile from = LINUX.openFile(source, Access.READ);
        OpenFile copy = directory.createFile(name)) {
      copy.cloneFrom(from);
    } catch (SystemCallException e) {
      throw e.errno().saysCannotClone() ? withoutReflinks(e) : e;
    }
  }

  private IOException withoutReflinks(SystemCallException e) {
    return new IOException(
        "power can't be cut in %s: its file system clones no files; use one on btrfs, or on XFS"
                .formatted(directory)
            + " with reflink=1",
        e);
  }

  /** What the disk was told so far besides reads; other than ever before while it is being told. */
  private String writes() throws IOException {
    String[] figures = Files.readString(statistics()).strip().split("\\s+", -1);
    boolean busy = !figures[8].equals("0");
    return busy
        ? "busy at " + System.nanoTime()
        : "%s writes, %s discards".formatted(figures[4], figures[11]);
  }

  /** See Documentation/block/stat.rst of the kernel. */
  private Path statistics() throws IOException {
    List<String> loops = LoopDevice.backedBy(image);
    if (loops.size() != 1) {
      throw new IOException("one loop device is expected on " + image + ": " + loops);
    }
    return Path.of("/sys/block", loops.get(0).substring("/dev/".length()), "stat");
  }

  /** Makes what was kept by a cut the image, as often as it is to. Nothing is attached to it. */
  @Override
  public void boot(int cut) throws IOException {
    Files.delete(image);
    copy(place().resolve(CUT + cut), place(), IMAGE);
    lastWrites = "";
  }
}
