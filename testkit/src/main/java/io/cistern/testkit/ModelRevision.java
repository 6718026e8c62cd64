package io.cistern.testkit;

import java.util.OptionalLong;

/** A revision that there has to be. Its number is the driver's choice, and stays what it is. */
final class ModelRevision {
  private final Content content;
  private final long version;
  private OptionalLong number = OptionalLong.empty();

  ModelRevision(Content content, long version) {
    this.content = content;
    this.version = version;
  }

  Content content() {
    return content;
  }

  /** Returns which content of the volume it was. */
  long version() {
    return version;
  }

  /** Returns the number that it was seen to have. */
  OptionalLong number() {
    return number;
  }

  void saw(long seen) {
    number = OptionalLong.of(seen);
  }
}
