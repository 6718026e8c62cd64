package io.cistern.driver.lvmthin;

/** What a logical volume is to its volume; its name tells. */
enum LvRole {
  /** The committed content: {@code vm-<volume>}. */
  CONTENT,
  /** What the VM writes to: {@code -snap}. */
  SESSION,
  /** Content on its way in: {@code -import}. */
  IMPORT,
  /** What a revert or a resize makes: {@code -next}. */
  NEXT,
  /** An earlier content: {@code -<number>-back}. */
  REVISION,
  /** An earlier content that is not kept: {@code -replaced-<id>}. */
  REPLACED,
  /** A session, revision or import that was given up: {@code -dropped-<id>}. */
  DROPPED,
  /** Says that the whole volume is removed: {@code -removed-<id>}. */
  REMOVED,
  /** Pinned for a reader: {@code -export-<n>}. */
  EXPORT,
  /** Has a tag of ours, but a name that somebody else gave it. */
  UNKNOWN
}
