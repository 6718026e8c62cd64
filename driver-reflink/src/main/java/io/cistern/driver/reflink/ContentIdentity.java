package io.cistern.driver.reflink;

import io.cistern.linux.OpenFile;
import java.io.IOException;
import java.util.Optional;
import java.util.UUID;

/**
 * Which content a committed image is, for {@code isOutdated} (rule 702): each commit makes another
 * inode the committed one, so the inode with its generation tells; what was written in place tells
 * by an attribute. A snapshot carries, as an attribute of its image, the identity that it was made
 * from, so that the answer survives a restart of the process.
 *
 * @param text the identity
 */
record ContentIdentity(String text) {
  private static final String SOURCE = "user.cistern.source";
  private static final String WRITTEN = "user.cistern.written";

  static ContentIdentity of(OpenFile committed) throws IOException {
    Optional<String> written = committed.attribute(WRITTEN);
    return new ContentIdentity(committed.identity() + written.map(mark -> "/" + mark).orElse(""));
  }

  /** Reads which content a snapshot was made from. */
  static Optional<ContentIdentity> recordedOn(OpenFile snapshot) throws IOException {
    return snapshot.attribute(SOURCE).map(ContentIdentity::new);
  }

  void recordOn(OpenFile snapshot) throws IOException {
    snapshot.setAttribute(SOURCE, text);
  }

  /** Makes another content of an image that was written in place. */
  static void renew(OpenFile committed) throws IOException {
    committed.setAttribute(WRITTEN, UUID.randomUUID().toString());
  }
}
