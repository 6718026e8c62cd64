package io.cistern.driver.lvmthin;

import io.cistern.linux.Access;
import io.cistern.linux.Linux;
import io.cistern.linux.OpenFile;
import io.cistern.linux.Undo;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * The caches of the physical volumes: LVM writes its metadata past the page cache, and leaves them
 * there (rule 903). They are opened before a command, as what can't be opened must not be changed.
 */
interface DiskCaches extends Closeable {
  /** Makes durable what LVM has written. */
  void flush() throws IOException;

  @Override
  void close() throws IOException;

  /** Opens those of some devices. */
  static DiskCaches open(Linux linux, Collection<Path> devices) throws IOException {
    List<OpenFile> files = new ArrayList<>();
    try (Undo undo = new Undo()) {
      for (Path device : devices) {
        OpenFile file = linux.openFile(device, Access.READ);
        undo.push(file::close);
        files.add(file);
      }
      undo.disarm();
    }
    return new DiskCaches() {
      @Override
      public void flush() throws IOException {
        for (OpenFile file : files) {
          file.sync();
        }
      }

      @Override
      public void close() throws IOException {
        try (Undo closing = new Undo()) {
          files.forEach(file -> closing.push(file::close));
        }
      }
    };
  }
}
