package io.cistern.driver.file;

import io.cistern.linux.OpenFile;
import io.cistern.storage.spi.PinnedContent;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Committed content, pinned by having the view of it open.
 *
 * @param view the device
 * @param base the base below it, which has data wherever the view has
 * @param size in bytes
 * @param release what is done when it is let go
 */
record PinnedView(OpenFile view, OpenFile base, long size, Release release)
    implements PinnedContent {
  /** Lets go of devices that nobody uses any more. */
  interface Release {
    void run() throws IOException;
  }

  @Override
  public Path path() {
    return view.path();
  }

  @Override
  public void close() throws IOException {
    view.close();
    base.close();
    release.run();
  }
}
