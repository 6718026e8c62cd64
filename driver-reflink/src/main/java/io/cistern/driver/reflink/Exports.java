package io.cistern.driver.reflink;

import io.cistern.directory.DirectoryFailures;
import io.cistern.linux.Access;
import io.cistern.linux.CloneExpectation;
import io.cistern.linux.CopyListener;
import io.cistern.linux.Directory;
import io.cistern.linux.DurableFiles;
import io.cistern.linux.Errno.Meaning;
import io.cistern.linux.OpenFile;
import io.cistern.linux.SystemCallException;
import io.cistern.linux.Undo;
import io.cistern.storage.RevisionId;
import io.cistern.storage.spi.PinnedContent;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The exports of a volume: content under a name of its own, that any process may read. Where the
 * file system can't clone, and nobody writes the image in place, a read-only link does.
 */
final class Exports {
  private static final Logger log = LoggerFactory.getLogger(Exports.class);

  /** How an export gets its content. */
  private enum Form {
    CLONE,
    LINK,
    COPY
  }

  private static final int READ_ONLY = 0400;

  /** More operations than overtake one export. */
  private static final int ATTEMPTS = 10;

  private final ReflinkPool pool;
  private final ImageNames names;
  private final AtomicLong number = new AtomicLong();
  private final Set<String> open = ConcurrentHashMap.newKeySet();

  Exports(ReflinkPool pool, ImageNames names) {
    this.pool = pool;
    this.names = names;
  }

  /** Returns the names of those that this process has open. */
  Set<String> open() {
    return open;
  }

  /**
   * Pins the committed content, or a revision. Nothing waits for that (rule 508), so what was found
   * may be gone, and what would hold the export too: then it is looked for again.
   *
   * @param writtenInPlace whether a session may write to the image itself
   */
  PinnedContent make(Optional<RevisionId> revision, boolean writtenInPlace) throws IOException {
    Form form = writtenInPlace ? Form.COPY : Form.LINK;
    return make(revision, pool.hasReflinks() ? Form.CLONE : form, ATTEMPTS);
  }

  private PinnedContent make(Optional<RevisionId> revision, Form form, int attempts)
      throws IOException {
    try (VolumeDirectory directory = directory(revision)) {
      return make(directory, image(directory, revision), form);
    } catch (SystemCallException e) {
      if (!DirectoryFailures.says(e, Meaning.ABSENT) || attempts == 1) {
        throw e;
      }
      log.debug("an export was overtaken, and is tried again: {}", e.getMessage());
      return make(revision, form, attempts - 1);
    }
  }

  /** A volume that is not there has no revisions either. */
  private VolumeDirectory directory(Optional<RevisionId> revision) throws IOException {
    if (revision.isEmpty()) {
      return pool.existing(names);
    }
    Optional<VolumeDirectory> present = pool.open(names);
    if (present.isEmpty()) {
      throw Revisions.noSuch(revision.get(), List.of());
    }
    return present.get();
  }

  private String image(VolumeDirectory directory, Optional<RevisionId> revision)
      throws IOException {
    if (revision.isPresent()) {
      return new Revisions(directory, directory.files(), pool.holders()).name(revision.get());
    }
    // A missing image is told apart from a failed export, with what to do about it.
    directory.openClean().close();
    return directory.names().clean();
  }

  private PinnedContent make(VolumeDirectory directory, String image, Form form)
      throws IOException {
    String name = freeName(directory.directory());
    try (Undo undo = new Undo()) {
      undo.push(() -> open.remove(name));
      long size = pin(directory.directory(), image, name, form, undo);
      undo.disarm();
      return new Export(name, directory.path(name), size);
    }
  }

  private String freeName(Directory directory) throws IOException {
    while (true) {
      String name = names.export(number.incrementAndGet());
      open.add(name);
      if (directory.status(name).isEmpty()) {
        return name;
      }
      open.remove(name);
    }
  }

  private static long pin(Directory directory, String image, String name, Form form, Undo undo)
      throws IOException {
    if (form == Form.LINK) {
      DurableFiles.link(directory, image, name);
      undo.push(() -> directory.unlink(name));
      try (OpenFile link = directory.openFile(name, Access.READ)) {
        link.changeMode(READ_ONLY);
        return link.size();
      }
    }
    CloneExpectation expectation =
        form == Form.CLONE ? CloneExpectation.EXPECT_CLONE : CloneExpectation.COPY_WILL_DO;
    try (OpenFile source = directory.openFile(image, Access.READ);
        OpenFile copy =
            DurableFiles.cloneOrCopy(source, directory, name, CopyListener.none(), expectation)) {
      undo.push(() -> directory.unlink(name));
      return copy.size();
    }
  }

  /** An export that somebody has open. */
  private final class Export implements PinnedContent {
    private final String name;
    private final Path path;
    private final long size;

    Export(String name, Path path, long size) {
      this.name = name;
      this.path = path;
      this.size = size;
    }

    @Override
    public Path path() {
      return path;
    }

    @Override
    public long size() {
      return size;
    }

    @Override
    public void close() throws IOException {
      try {
        pool.removeExport(names, name);
      } finally {
        open.remove(name);
      }
    }
  }
}
