package io.cistern.linux;

/** What is known of who else holds a file, see {@link OpenFile#holding()}. */
public enum Holding {
  /** It is held by nothing but the descriptor that asks. */
  NOBODY,
  /** Somebody holds it. */
  SOMEBODY,
  /** Nobody can tell: there may be a process that this one may not look into. */
  PERHAPS_SOMEBODY
}
