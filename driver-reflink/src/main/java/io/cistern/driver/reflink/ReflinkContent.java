package io.cistern.driver.reflink;

import io.cistern.linux.OpenFile;
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

  ReflinkContent(OpenFile file) throws IOException {
    this.file = file;
    this.size = file.size();
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
  public void close() throws IOException {
    file.close();
  }
}
