package io.cistern.driver.reflink;

import io.cistern.directory.VolumeFolder;
import io.cistern.linux.Access;
import io.cistern.linux.Directory;
import io.cistern.linux.FileStatus;
import io.cistern.linux.OpenFile;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.spi.DriverException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The open directory of a volume, and the names of the volume's files in it. */
final class VolumeDirectory implements AutoCloseable {
  private final VolumeFolder folder;
  private final ImageNames names;

  VolumeDirectory(VolumeFolder folder, ImageNames names) {
    this.folder = folder;
    this.names = names;
  }

  Directory directory() {
    return folder.directory();
  }

  ImageNames names() {
    return names;
  }

  Path path(String name) {
    return folder.path(name);
  }

  /** Returns the status of a regular file; what is something else is not ours, and as absent. */
  Optional<FileStatus> image(String name) throws IOException {
    return folder.file(name);
  }

  /** Removes a file if it is there and ours; tells whether it was. */
  boolean remove(String name) throws IOException {
    return folder.remove(name);
  }

  /** Opens the committed image for reading; nobody ever writes to it. */
  OpenFile openClean() throws IOException {
    return directory()
        .openFileIfPresent(names.clean(), Access.READ)
        .orElseThrow(
            () ->
                new DriverException(
                    Code.VOLUME_NOT_FOUND,
                    "the image %s is missing".formatted(path(names.clean())),
                    "Create the volume, import into it, or restore the image"));
  }

  OpenFile openDirty() throws IOException {
    return directory()
        .openFileIfPresent(names.dirty(), Access.READ_WRITE)
        .orElseThrow(
            () ->
                new DriverException(
                    Code.IO,
                    "the session's image %s is missing".formatted(path(names.dirty())),
                    "Find out who removed it; stop(DISCARD) gives the session up"));
  }

  /** Lists the volume's files; files of other volumes, and foreign ones, are not among them. */
  VolumeFiles files() throws IOException {
    List<String> all = new ArrayList<>(directory().list());
    if (all.contains(names.tombstone()) && image(names.tombstone()).isEmpty()) {
      // A foreign thing must not pass for the end of a volume whose image is missing.
      all.remove(names.tombstone());
    }
    return VolumeFiles.among(names, all);
  }

  @Override
  public void close() {
    folder.close();
  }
}
