package io.cistern.storage;

/** What the caller of {@link Volume#resize} consents to. */
public enum ResizeOption {
  /** The volume may become smaller; what lies behind the new end is lost. */
  ALLOW_SHRINK
}
