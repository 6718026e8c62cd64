package io.cistern.storage;

/**
 * The number of a revision. Numbers grow strictly over the whole life of a volume and are never
 * reused (rule 402); their order is the order of the commits, whatever the clock did.
 *
 * @param number a natural number, 1 or greater
 */
public record RevisionId(long number) implements Comparable<RevisionId> {
  /** Checks the number. */
  public RevisionId {
    if (number < 1) {
      throw invalid(Long.toString(number), null);
    }
  }

  /**
   * Reads what {@link #toString()} wrote.
   *
   * @throws StorageException {@code INVALID_ARGUMENT} if it is no revision number
   */
  public static RevisionId parse(String text) {
    RevisionId id;
    try {
      id = new RevisionId(Long.parseLong(text));
    } catch (NumberFormatException e) {
      throw invalid(text, e);
    }
    if (!id.toString().equals(text)) {
      throw invalid(text, null);
    }
    return id;
  }

  @Override
  public int compareTo(RevisionId other) {
    return Long.compare(number, other.number);
  }

  @Override
  public String toString() {
    return Long.toString(number);
  }

  private static StorageException invalid(
      String text, @org.jspecify.annotations.Nullable Throwable cause) {
    return new StorageException(
        StorageException.Code.INVALID_ARGUMENT,
        "revision '" + text + "'",
        "name a revision",
        "a revision is named by a natural number",
        "Take one of those that Volume.revisions() gives",
        cause);
  }
}
