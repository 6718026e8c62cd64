package io.cistern.storage;

/**
 * Options of an import or a clone. To stop one, cancel the future that it returned: the copy ends,
 * and the volume is left as it was (rules 505 and 507).
 */
public final class Transfer {
  /** Hears how far a copy has come. */
  @FunctionalInterface
  public interface Progress {
    /**
     * Called now and then on the thread that copies, so it had better return soon.
     *
     * @param done bytes dealt with so far, holes included; never falls
     * @param total bytes to deal with in all
     */
    void transferred(long done, long total);
  }

  private static final Transfer SILENT = new Transfer((done, total) -> {});

  private final Progress progress;

  private Transfer(Progress progress) {
    this.progress = progress;
  }

  /** Returns a transfer that tells nobody. */
  public static Transfer silent() {
    return SILENT;
  }

  /** Returns a transfer that reports how far it has come. */
  public static Transfer withProgress(Progress progress) {
    return new Transfer(progress);
  }

  /** Returns who hears how far it has come. */
  public Progress progress() {
    return progress;
  }
}
