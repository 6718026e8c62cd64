package io.cistern.storage.spi;

/** What kind of uncommitted session of a volume there is on disk. */
public enum SessionForm {
  /** None. */
  NONE,
  /** What the VM writes is apart from the committed content. */
  APART,
  /** The same, begun with rw=false: whatever the volume is declared as by now, nobody keeps it. */
  DROPPED,
  /** The VM writes the committed content itself (rule 313). */
  IN_PLACE
}
