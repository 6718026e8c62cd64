package io.cistern.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The committed content of a volume and its revisions, and how one follows on another. */
final class ModelContents {
  /**
   * Which content it is.
   *
   * @param content a content that a revert brings back has the one that it had
   * @param change each change of the content has another one
   */
  record Version(long content, long change) {}

  private Optional<Content> committed = Optional.empty();
  private Version version = new Version(0, 0);
  private long changes;
  private final List<ModelRevision> revisions = new ArrayList<>();
  private long highestRevision;

  Optional<Content> committed() {
    return committed;
  }

  Version version() {
    return version;
  }

  List<ModelRevision> revisions() {
    return revisions;
  }

  long highestRevision() {
    return highestRevision;
  }

  void sawRevision(long number) {
    highestRevision = Math.max(highestRevision, number);
  }

  /** Replaces the content, keeps what was replaced if any is kept, and prunes. */
  void commit(Content content, int revisionsToKeep) {
    keepReplaced(revisionsToKeep);
    replace(content);
    while (revisions.size() > Math.max(revisionsToKeep, 0)) {
      revisions.remove(0);
    }
  }

  private void keepReplaced(int revisionsToKeep) {
    if (revisionsToKeep > 0) {
      committed.ifPresent(content -> revisions.add(new ModelRevision(content, version.content())));
    }
  }

  /** Replaces the content, which becomes no revision. */
  void replace(Content content) {
    committed = Optional.of(content);
    changes++;
    version = new Version(changes, changes);
  }

  void revert(ModelRevision revision, int revisionsToKeep) {
    revisions.remove(revision);
    keepReplaced(revisionsToKeep);
    committed = Optional.of(revision.content());
    version = new Version(revision.version(), ++changes);
  }

  void removeRevision(ModelRevision revision) {
    revisions.remove(revision);
  }

  /** Knows at last what the content is. */
  void took(Content content) {
    committed = Optional.of(content);
  }

  /** There is none any more, and no revision has ever been. */
  void remove() {
    committed = Optional.empty();
    changes++;
    version = new Version(changes, changes);
    revisions.clear();
    highestRevision = 0;
  }
}
