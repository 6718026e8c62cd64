package io.cistern.driver.reflink;

import io.cistern.linux.OpenFile;
import io.cistern.linux.Undo;
import io.cistern.storage.spi.PinnedContent;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Committed content, pinned by an open descriptor: a committed image is never written to, and its
 * blocks stay as long as somebody has it open, whatever name it has or loses.
 */
final class ReflinkContent implements PinnedContent {
  private final OpenFile file;
  private final long size;

  private ReflinkContent(OpenFile file, long size) {
    this.file = file;
    this.size = size;
  }

  static ReflinkContent of(OpenFile file) throws IOException {
    try (Undo undo = new Undo()) {
      undo.push(file::close);
      ReflinkContent content = new ReflinkContent(file, file.size());
      undo.disarm();
      return content;
    }
  }

  OpenFile file() {
    return file;
  }

  @Override
  public Path path() {
    return file.descriptorPath();
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public void close() {
    file.close();
  }
}
