package io.cistern.testkit;

import io.cistern.storage.StorageException;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.Volume;
import io.cistern.storage.VolumeState;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * All that matters of a volume: two operations that leave the same picture have done the same.
 * Revision numbers are left out, since a volume that takes another's place has others. Taking a
 * picture continues the session of a crashed volume.
 *
 * @param committed the committed content; empty if there is none, or if a VM writes it in place
 * @param session what a VM would see; empty if there is no session
 * @param revisions the contents of the revisions, oldest first
 */
record Picture(Optional<Content> committed, Optional<Content> session, List<Content> revisions) {
  static Picture of(Scenario scenario, Volume volume) {
    Picture contents = ofContents(scenario, volume);
    Waiting waiting = scenario.waiting();
    if (waiting.await(volume.state()) == VolumeState.STOPPED) {
      return contents;
    }
    Content session = new Images(scenario).at(waiting.await(volume.start()).path());
    return new Picture(contents.committed, Optional.of(session), contents.revisions);
  }

  /** One without the session, which is left alone. */
  static Picture ofContents(Scenario scenario, Volume volume) {
    Images images = new Images(scenario);
    Waiting waiting = scenario.waiting();
    boolean listed =
        waiting.await(scenario.pool().volumes()).stream()
            .anyMatch(other -> other.id().equals(volume.id()));
    Optional<Content> committed =
        listed && isReadable(waiting, volume)
            ? Optional.of(images.committed(volume))
            : Optional.empty();
    return new Picture(committed, Optional.empty(), images.revisions(volume));
  }

  /** The same without the session. */
  Picture contents() {
    return new Picture(committed, Optional.empty(), revisions);
  }

  /** The same, with the revisions and the content of an earlier picture as its revisions. */
  Picture withRevision(Picture earlier) {
    List<Content> all = new ArrayList<>(earlier.revisions);
    earlier.committed.ifPresent(all::add);
    return new Picture(committed, session, all);
  }

  /** There is none, or none that is saved, or a VM writes it in place (rule 313). */
  private static void assertUnreadable(Throwable failure, Volume volume) {
    boolean inPlace = volume.config().revisionsToKeep().orElse(0) < 0;
    Set<Code> expected =
        inPlace
            ? EnumSet.of(Code.VOLUME_NOT_FOUND, Code.VOLUME_IN_USE)
            : EnumSet.of(Code.VOLUME_NOT_FOUND, Code.UNSUPPORTED);
    if (!(failure instanceof StorageException refusal) || !expected.contains(refusal.code())) {
      throw new AssertionError("%s can't be exported: %s".formatted(volume, failure), failure);
    }
  }

  private static boolean isReadable(Waiting waiting, Volume volume) {
    var export = volume.export();
    waiting.awaitEnd(export);
    if (export.isCompletedExceptionally()) {
      assertUnreadable(waiting.failureOf(export), volume);
      return false;
    }
    waiting.await(waiting.await(export).closeAsync());
    return true;
  }
}
