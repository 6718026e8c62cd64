package io.cistern.linux;

/** What the caller of a clone counts on. */
public enum CloneExpectation {
  /** The file system can clone: a copy instead is worth a warning. */
  EXPECT_CLONE,
  /** A copy is as good. */
  COPY_WILL_DO
}
