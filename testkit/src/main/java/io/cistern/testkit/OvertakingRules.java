package io.cistern.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.cistern.storage.RevisionId;
import io.cistern.storage.StorageException;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.Volume;
import io.cistern.storage.VolumeExport;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/**
 * Rule 508, where operations overtake an export: it does not wait for them, so that one may come
 * between any two of its steps.
 */
abstract class OvertakingRules extends ExportRules {
  @Test
  @Rule(508)
  void rule508_anExportThatARemovalOvertakesIsWholeOrRefused() {
    ready();
    Content content = content();
    interleaving()
        .atEachStep(
            name -> {
              Volume root = origin(name, content);
              return new Interleaving.Pair(
                  root::export,
                  root::remove,
                  (where, export) ->
                      assertWholeOrRefused(
                          where, export, List.of(content), List.of(Code.VOLUME_NOT_FOUND)));
            });
  }

  @Test
  @Rule(508)
  void rule508_anExportThatACommitOvertakesIsTheOldContentOrTheNew() {
    ready();
    Content old = content();
    Content imported = content();
    interleaving()
        .atEachStep(
            name -> {
              Volume root = origin(name, old);
              return new Interleaving.Pair(
                  root::export,
                  () -> root.importFrom(GatedChannel.open(imported), SIZE),
                  (where, export) ->
                      assertWholeOrRefused(where, export, List.of(old, imported), List.of()));
            });
  }

  @Test
  @Rule(508)
  void rule508_anExportOfARevisionThatIsPrunedIsWholeOrRefused() {
    ready();
    if (keep(1) == 0) {
      Volume root = origin("root", content());
      assertRefused(Code.NO_SUCH_REVISION, root, () -> root.export(new RevisionId(1)));
      return;
    }
    Content first = content();
    interleaving()
        .atEachStep(
            name -> {
              Volume root = origin(name, first, 1);
              commit(root, content());
              RevisionId oldest = revisionIds(root).get(0);
              return new Interleaving.Pair(
                  () -> root.export(oldest),
                  () -> root.importFrom(GatedChannel.open(content()), SIZE),
                  (where, export) ->
                      assertWholeOrRefused(
                          where, export, List.of(first), List.of(Code.NO_SUCH_REVISION)));
            });
  }

  /** The export has one of the contents, or was refused with one of the codes. */
  final void assertWholeOrRefused(
      String where, CompletableFuture<?> exporting, List<Content> contents, List<Code> refusals) {
    if (exporting.isCompletedExceptionally()) {
      Throwable failure = scenario().waiting().failureOf(exporting);
      assertThat(failure).as(where).isInstanceOf(StorageException.class);
      StorageException refusal = (StorageException) failure;
      assertThat(refusals).as("%s: %s", where, refusal).contains(refusal.code());
      assertHelps(refusal);
      return;
    }
    VolumeExport export = (VolumeExport) await(exporting);
    Content actual = images().at(export.path());
    await(export.closeAsync());
    assertThat(contents).as(where).contains(actual);
  }
}
