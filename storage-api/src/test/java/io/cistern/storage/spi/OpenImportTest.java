package io.cistern.storage.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cistern.storage.Outcomes;
import io.cistern.storage.StorageEvent;
import io.cistern.storage.StorageException;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.VolumeExport;
import io.cistern.storage.VolumeImport;
import io.cistern.storage.VolumeInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Imports and exports that were handed out. */
class OpenImportTest extends FakePools {
  @Test
  void whatIsCommittedIsTheContentAndTheOldOneARevision() {
    AbstractVolume volume = created("a");
    VolumeImport open = Outcomes.of(volume.importData(1000));
    assertThat(open.path()).isRegularFile();
    assertThat(open.size()).isEqualTo(1024);
    assertThat(Outcomes.of(volume.size())).hasValue(4096);
    assertThat(Outcomes.code(volume.start())).isEqualTo(Code.IMPORT_IN_PROGRESS);

    assertThat(Outcomes.of(open.commit())).isSameAs(volume);

    assertThat(Outcomes.of(volume.size())).hasValue(1024);
    assertThat(Outcomes.of(volume.revisions())).hasSize(1);
    assertThat(eventTypes()).startsWith(StorageEvent.Type.CREATED);
    assertThat(eventTypes()).endsWith(StorageEvent.Type.IMPORTED);
  }

  @Test
  void whatIsAbortedOrClosedLeavesTheVolumeAsItWas() {
    AbstractVolume volume = created("a");

    Outcomes.of(Outcomes.of(volume.importData(512)).abort());
    Outcomes.of(volume.importData(512)).close();

    assertThat(Outcomes.of(volume.size())).hasValue(4096);
    assertThat(Outcomes.of(volume.info())).matches(info -> !info.isImporting());
    assertThat(eventTypes()).containsOnlyOnce(StorageEvent.Type.CREATED).hasSize(3);
    Outcomes.of(volume.start());
  }

  @Test
  void anImportThatIsStillWrittenToStaysOpenAndIsCommittedLater() {
    AbstractVolume volume = created("a");
    VolumeImport open = Outcomes.of(volume.importData(512));
    place.fail(
        "doCommitImport", "a", new DriverException(Code.VOLUME_IN_USE, "pid 1 writes", "Wait"));

    assertThat(Outcomes.code(open.commit())).isEqualTo(Code.VOLUME_IN_USE);
    assertThat(place.calls("a")).doesNotContain("doAbortImport");
    assertThat(Outcomes.code(volume.start())).isEqualTo(Code.IMPORT_IN_PROGRESS);
    place.mend("doCommitImport", "a");

    Outcomes.of(open.commit());
    assertThat(Outcomes.of(volume.size())).hasValue(512);
  }

  @Test
  void anImportStaysOpenWhileThePoolIsNotReady() {
    AbstractVolume volume = created("a");
    VolumeImport open = Outcomes.of(volume.importData(512));
    place.fail("doCheckReady", "", new DriverException(Code.POOL_NOT_READY, "it hangs", "Wait"));

    assertThat(Outcomes.code(open.commit())).isEqualTo(Code.POOL_NOT_READY);
    assertThat(place.calls("a")).doesNotContain("doAbortImport");
    place.mend("doCheckReady", "");

    Outcomes.of(open.commit());
    assertThat(Outcomes.of(volume.size())).hasValue(512);
  }

  @Test
  void whatWaitsBehindAnImportThatIsCancelledMeanwhileIsNotInItsWay() {
    AbstractVolume volume = created("a");
    Blocker blocker = place.block("doBeginImport", "a");
    var opening = volume.importData(512);
    blocker.awaitReached();
    var start = volume.start();

    opening.cancel(true);
    blocker.release();

    Outcomes.of(start);
    assertThat(place.calls("a")).containsSubsequence("doAbortImport", "doStart");
  }

  @Test
  void itStaysOpenTooIfItIsThePoolThatExplainsTheFailureSo() {
    AbstractVolume volume = created("a");
    VolumeImport open = Outcomes.of(volume.importData(512));
    place.explanation =
        failure -> new DriverException(Code.VOLUME_IN_USE, "pid 1 writes", "Wait", failure);
    place.fail("doCommitImport", "a", new IOException("ETXTBSY"));
    assertThat(Outcomes.code(open.commit())).isEqualTo(Code.VOLUME_IN_USE);
    place.mend("doCommitImport", "a");

    Outcomes.of(open.commit());
  }

  @Test
  void anyOtherFailureOfTheCommitEndsTheImport() {
    AbstractVolume volume = created("a");
    VolumeImport open = Outcomes.of(volume.importData(512));
    place.fail("doCommitImport", "a", new IOException("EIO"));
    place.fail("doAbortImport", "a", new IOException("EROFS"));

    StorageException failure = Outcomes.refusal(open.commit());

    assertThat(failure.code()).isEqualTo(Code.IO);
    assertThat(failure.getCause().getSuppressed()).singleElement().asString().contains("EROFS");
    assertThat(Outcomes.code(open.commit())).isEqualTo(Code.CLOSED);
    assertThat(Outcomes.of(volume.size())).hasValue(4096);
    Outcomes.of(volume.start());
  }

  @Test
  void anImportEndsOnce() {
    AbstractVolume volume = created("a");
    VolumeImport committed = Outcomes.of(volume.importData(512));
    Outcomes.of(committed.commit());
    assertThat(Outcomes.code(committed.commit())).isEqualTo(Code.CLOSED);
    Outcomes.of(committed.abort());
    committed.close();

    VolumeImport aborted = Outcomes.of(volume.importData(1024));
    Outcomes.of(aborted.abort());
    Outcomes.of(aborted.closeAsync());
    assertThat(Outcomes.code(aborted.commit())).isEqualTo(Code.CLOSED);

    assertThat(Outcomes.of(volume.size())).hasValue(512);
    assertThat(place.calls)
        .containsOnlyOnce("doCommitImport a")
        .containsOnlyOnce("doAbortImport a");
  }

  @Test
  void ofACommitAndAnAbortAtOnceTheFirstOneCounts() {
    for (int i = 0; i < 200; i++) {
      AbstractVolume volume = origin("a" + i);
      VolumeImport open = Outcomes.of(volume.importData(512));
      var commit = CompletableFuture.supplyAsync(open::commit, threads);
      var abort = CompletableFuture.supplyAsync(open::abort, threads);

      boolean committed =
          Outcomes.of(Outcomes.of(commit).handle((done, failure) -> failure == null));
      Outcomes.of(Outcomes.of(abort));

      assertThat(Outcomes.of(volume.size())).isEqualTo(OptionalLong.of(committed ? 512 : 4096));
      assertThat(place.calls("a" + i))
          .containsExactly("doBeginImport", committed ? "doCommitImport" : "doAbortImport");
    }
  }

  @Test
  void anImportThatCannotBeginLeavesTheVolumeFree() {
    AbstractVolume volume = created("a");
    place.fail("doBeginImport", "a", new DriverException(Code.OUT_OF_SPACE, "full", "Free some"));

    assertThat(Outcomes.code(volume.importData(512))).isEqualTo(Code.OUT_OF_SPACE);

    assertThat(place.calls("a")).endsWith("doAbortImport");
    Outcomes.of(volume.start());
  }

  @Test
  void anImportWhoseFutureWasCancelledMeanwhileIsAborted() {
    AbstractVolume volume = created("a");
    Blocker blocker = place.block("doBeginImport", "a");
    var opening = volume.importData(512);
    blocker.awaitReached();

    opening.cancel(true);
    blocker.release();

    await().until(() -> !Outcomes.of(volume.info().thenApply(VolumeInfo::isImporting)));
    Outcomes.of(volume.start());
  }

  @Test
  void anExportWhoseFutureWasCancelledMeanwhileIsClosed() {
    AbstractVolume volume = created("a");
    Blocker blocker = place.block("doExport", "a");
    var opening = volume.export();
    blocker.awaitReached();

    opening.cancel(true);
    blocker.release();

    await().until(() -> place.calls("a").contains("doCloseExport"));
  }

  @Test
  void handlesMayBeClosedAfterThePoolAndItsThreadsHaveEnded() throws IOException {
    AbstractVolume volume = created("a");
    VolumeImport open = Outcomes.of(volume.importData(512));
    VolumeExport export = Outcomes.of(volume.export());
    Outcomes.of(pool.close());
    threads.shutdown();

    open.close();
    Outcomes.of(open.abort());
    Outcomes.of(open.closeAsync());
    export.close();
    Outcomes.of(export.closeAsync());
    assertThat(Outcomes.code(open.commit())).isEqualTo(Code.CLOSED);
    Files.delete(open.path());
  }

  @Test
  void anExportThatCannotBeClosedSaysSoOnce() {
    AbstractVolume volume = created("a");
    place.fail("doCloseExport", "a", new IOException("EIO"));
    VolumeExport export = Outcomes.of(volume.export());

    assertThat(Outcomes.refusal(export.closeAsync()))
        .hasMessageContaining("export ")
        .hasMessageContaining("EIO");
    export.close();
  }
}
