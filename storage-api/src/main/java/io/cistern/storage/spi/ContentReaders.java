package io.cistern.storage.spi;

/**
 * Keeps the readers of a committed image and a VM that writes it in place apart (rule 313). Where
 * the committed image is never written, readers need no such thing.
 */
final class ContentReaders {
  private int readers;
  private boolean written;

  synchronized boolean beginRead() {
    if (written) {
      return false;
    }
    readers++;
    return true;
  }

  synchronized void endRead() {
    readers--;
  }

  synchronized boolean beginWrite() {
    if (readers > 0) {
      return false;
    }
    written = true;
    return true;
  }

  synchronized void endWrite() {
    written = false;
  }
}
