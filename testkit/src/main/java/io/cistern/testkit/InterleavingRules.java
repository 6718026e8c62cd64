package io.cistern.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.cistern.storage.Capability;
import io.cistern.storage.RevisionId;
import io.cistern.storage.StorageException;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.Volume;
import io.cistern.storage.VolumeExport;
import io.cistern.storage.VolumeState;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/**
 * What waits for nothing (a question, an export, the start of a snapshot for its source) is
 * overtaken, at each of its steps, by a change of the volume that it is about; where that waits for
 * a lock of the driver's, it comes after, which the report of overtakings tells.
 */
abstract class InterleavingRules extends EventRules {
  @Test
  @Rule({508, 205})
  void rule508_anExportOvertakenByARemovalLeavesNothing() {
    ready();
    Content content = content();
    interleaving()
        .atEachStep(
            name -> {
              Set<String> before = fixture().objects();
              Volume root = origin(name, content);
              return new Interleaving.Pair(
                  root::export,
                  root::remove,
                  (where, export) -> {
                    assertWholeOrRefused(
                        where, export, List.of(content), List.of(Code.VOLUME_NOT_FOUND));
                    assertThat(fixture().objects()).as(where).isEqualTo(before);
                  });
            });
  }

  @Test
  @Rule({508, 403})
  void rule508_anExportOvertakenByTheRemovalOfItsRevisionHasItOrFindsNone() {
    if (!can(Capability.REVISIONS)) {
      return;
    }
    ready();
    Content first = content();
    Content second = content();
    interleaving()
        .atEachStep(
            name -> {
              Volume root = origin(name, first, 1);
              commit(root, second);
              List<RevisionId> ids = revisionIds(root);
              RevisionId newest = ids.get(ids.size() - 1);
              return new Interleaving.Pair(
                  () -> root.export(newest),
                  () -> root.removeRevision(newest),
                  (where, export) -> {
                    assertWholeOrRefused(
                        where, export, List.of(first), List.of(Code.NO_SUCH_REVISION));
                    assertContent(root, second);
                  });
            });
  }

  /** Whoever tidies up after the export must leave what the revert works with. */
  @Test
  @Rule({404, 508})
  void rule404_aRevertThatIsOvertakenByAnExportMakesTheRevisionTheContent() {
    if (!can(Capability.REVERT) || keep(1) == 0) {
      return;
    }
    ready();
    Content first = content();
    Content second = content();
    interleaving()
        .atEachStep(
            name -> {
              Volume root = origin(name, first, 1);
              commit(root, second);
              return new Interleaving.Pair(
                  root::revert,
                  () -> root.export().thenCompose(VolumeExport::closeAsync),
                  (where, reverted) -> {
                    await(reverted);
                    assertContent(root, first);
                    assertThat(images().revisions(root)).as(where).endsWith(second);
                  });
            });
  }

  @Test
  @Rule({302, 206, 303})
  void rule302_aSnapshotWhoseStartIsOvertakenByThatOfItsSourceHasTheCommittedContent() {
    if (!can(Capability.EXPORT_WHILE_RUNNING)) {
      return;
    }
    ready();
    Content content = content();
    interleaving()
        .atEachStep(
            name -> {
              Volume root = origin(name, content);
              Volume disk = snapshot(name + "-disk", root);
              return new Interleaving.Pair(
                  disk::start,
                  root::start,
                  (where, started) -> {
                    await(started);
                    assertDevice(disk, content);
                    commit(root, content());
                    assertDevice(disk, content);
                    await(disk.stop());
                  });
            });
  }

  @Test
  @Rule({302, 206})
  void rule302_aSnapshotWhoseStartIsOvertakenByACommitHasOneContentOrTheOther() {
    if (!can(Capability.EXPORT_WHILE_RUNNING)) {
      return;
    }
    ready();
    Content first = content();
    Content second = content();
    interleaving()
        .atEachStep(
            name -> {
              Volume root = origin(name, first);
              Volume disk = snapshot(name + "-disk", root);
              startAndWrite(root, second);
              return new Interleaving.Pair(
                  disk::start,
                  root::stop,
                  (where, started) -> {
                    await(started);
                    assertThat(images().at(await(disk.blockDevice()).path()))
                        .as(where)
                        .isIn(first, second);
                    assertContent(root, second);
                    await(disk.stop());
                  });
            });
  }

  @Test
  @Rule({601, 704})
  void rule601_aQuestionOvertakenByTheEndOfASessionIsAnswered() {
    ready();
    Volume root = origin("root", content());
    interleaving()
        .atEachStep(
            name -> {
              Volume disk = snapshot(name, root);
              await(disk.start());
              return new Interleaving.Pair(
                  disk::info,
                  () -> stopUnlessInUse(disk),
                  (where, info) -> {
                    await(info);
                    await(disk.stop());
                  });
            });
  }

  /** Stops it, unless it is refused: the question itself may hold what it looks at. */
  private static CompletableFuture<?> stopUnlessInUse(Volume volume) {
    return volume
        .stop()
        .handle((stopped, failure) -> failure)
        .thenCompose(
            failure ->
                failure == null || isInUse(failure)
                    ? CompletableFuture.completedFuture(volume)
                    : CompletableFuture.failedFuture(failure));
  }

  private static boolean isInUse(Throwable failure) {
    Throwable cause = failure.getCause() == null ? failure : failure.getCause();
    return cause instanceof StorageException refusal && refusal.code() == Code.VOLUME_IN_USE;
  }

  /** What the question has read before the changes must not be taken for what is there later. */
  @Test
  @Rule({701, 801})
  void rule701_aQuestionOvertakenByTwoChangesLeavesNothingBehind() {
    ready();
    Content first = content();
    Content second = content();
    interleaving()
        .atEachStep(
            name -> {
              Volume root = origin(name, content(), 1);
              commit(root, first);
              scenario().reopen();
              Volume again = scenario().again(root);
              return new Interleaving.Pair(
                  again::info,
                  () -> startAndChange(again),
                  (where, info) -> {
                    await(info);
                    assertThat(await(again.state())).as(where).isEqualTo(VolumeState.STARTED);
                    commit(again, second);
                    assertContent(again, second);
                  });
            });
  }

  private CompletableFuture<?> startAndChange(Volume volume) {
    CompletableFuture<?> started = volume.start();
    return can(Capability.REVISIONS)
        ? volume.revisions().thenCompose(all -> volume.removeRevision(all.get(all.size() - 1).id()))
        : started;
  }
}
