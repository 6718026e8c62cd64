package io.cistern.driver.reflink;

import io.cistern.linux.Access;
import io.cistern.linux.CloneExpectation;
import io.cistern.linux.CopyListener;
import io.cistern.linux.Directory;
import io.cistern.linux.DurableFiles;
import io.cistern.linux.OpenFile;
import io.cistern.linux.Undo;
import io.cistern.storage.spi.PinnedContent;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The exports of a volume: content under a name of its own, that any process may read. Where the
 * file system can't clone, and nobody writes the image in place, a read-only link does.
 */
final class Exports {
  /** How an export gets its content. */
  enum Form {
    CLONE,
    LINK,
    COPY
  }

  private static final int READ_ONLY = 0400;

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

  /** Pins the content of a file in the volume's directory. */
  PinnedContent make(VolumeDirectory directory, String image, Form form) throws IOException {
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
