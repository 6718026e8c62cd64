package io.cistern.driver.reflink;

import io.cistern.directory.Holders;
import io.cistern.linux.Access;
import io.cistern.linux.DurableFiles;
import io.cistern.linux.FileStatus;
import io.cistern.linux.OpenFile;
import java.io.IOException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file whose name keeps the next revision's number (rule 402). On a full file system it is the
 * image of a revision that goes, and is emptied as soon as nobody reads that any more.
 */
final class Counter {
  private static final Logger log = LoggerFactory.getLogger(Counter.class);
  private static final int OWNER_WRITES = 0600;

  private final VolumeDirectory directory;
  private final String name;

  Counter(VolumeDirectory directory, String name) {
    this.directory = directory;
    this.name = name;
  }

  /** Frees what is in it, unless somebody has it open, or it is another name of some content. */
  void empty(Holders holders) throws IOException {
    Optional<FileStatus> status = directory.image(name);
    if (status.isEmpty() || status.get().size() == 0 || status.get().links() > 1) {
      return;
    }
    Optional<String> holder = holders.of(directory.directory(), name);
    if (holder.isPresent()) {
      log.info("{} keeps its space as long as {} reads it", directory.path(name), holder.get());
      return;
    }
    makeWritable();
    try (OpenFile file = directory.directory().openFile(name, Access.READ_WRITE)) {
      DurableFiles.resize(file, 0);
    }
  }

  /** An export may have made the image read-only, which holds for its owner, too. */
  private void makeWritable() throws IOException {
    try (OpenFile file = directory.directory().openFile(name, Access.READ)) {
      file.changeMode(OWNER_WRITES);
    }
  }
}
