package io.cistern.driver.file;

import io.cistern.directory.VolumeFolder;
import io.cistern.linux.Access;
import io.cistern.linux.Directory;
import io.cistern.linux.FileStatus;
import io.cistern.linux.OpenFile;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.spi.DriverException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** The open directory of a volume, and the names of the volume's files in it. */
final class VolumeDirectory implements AutoCloseable {
  private final VolumeFolder folder;
  private final FileNames names;

  VolumeDirectory(VolumeFolder folder, FileNames names) {
    this.folder = folder;
    this.names = names;
  }

  Directory directory() {
    return folder.directory();
  }

  FileNames names() {
    return names;
  }

  Path path(String name) {
    return folder.path(name);
  }

  /** Returns the status of a regular file; what is something else is not ours, and as absent. */
  Optional<FileStatus> file(String name) throws IOException {
    return folder.file(name);
  }

  boolean has(String name) throws IOException {
    return file(name).isPresent();
  }

  /** Tells whether the volume is removed, and only some of its files are still there. */
  boolean isRemoved() throws IOException {
    return has(names.tombstone()) && !has(names.base());
  }

  /** Removes a file if it is there and ours; tells whether it was. */
  boolean remove(String name) throws IOException {
    return folder.remove(name);
  }

  /** Opens the base for reading. */
  OpenFile openBase() throws IOException {
    return directory()
        .openFileIfPresent(names.base(), Access.READ)
        .orElseThrow(() -> missing(Code.VOLUME_NOT_FOUND));
  }

  /** Opens the base to be written to, as a started origin's is. */
  OpenFile openBaseForWriting(Code ifMissing) throws IOException {
    return directory()
        .openFileIfPresent(names.base(), Access.READ_WRITE)
        .orElseThrow(() -> missing(ifMissing));
  }

  OpenFile openStore(String name) throws IOException {
    return directory()
        .openFileIfPresent(name, Access.READ_WRITE)
        .orElseThrow(
            () ->
                new DriverException(
                    Code.IO,
                    "the cow store %s is missing".formatted(path(name)),
                    "Find out who removed it, and restore it; docs/operations.md tells what the"
                        + " base is worth without it"));
  }

  private DriverException missing(Code code) {
    return new DriverException(
        code,
        "the image %s is missing".formatted(path(names.base())),
        "Create the volume, import into it, or restore the image");
  }

  @Override
  public void close() {
    folder.close();
  }
}
