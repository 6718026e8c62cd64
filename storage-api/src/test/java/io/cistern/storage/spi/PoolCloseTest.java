package io.cistern.storage.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.cistern.storage.Outcomes;
import io.cistern.storage.StorageEvent;
import io.cistern.storage.StorageException;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.VolumeExport;
import io.cistern.storage.VolumeImport;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PoolCloseTest extends FakePools {
  @Test
  void whatRunsAndWhatWaitsIsLetEndBeforeThePoolIsClosed() {
    AbstractVolume volume = created("a");
    Blocker blocker = place.block("doStart", "a");
    var start = volume.start();
    var stop = volume.stop();
    blocker.awaitReached();

    var close = pool.close();
    assertThat(Outcomes.code(volume.start())).isEqualTo(Code.CLOSED);
    assertThat(close).isNotDone();
    blocker.release();

    Outcomes.of(start);
    Outcomes.of(stop);
    Outcomes.of(close);
    assertThat(place.calls).endsWith("doCommit a", "doClose");
  }

  @Test
  void afterwardsEveryCallIsRefused() {
    AbstractVolume volume = created("a");
    Outcomes.of(pool.close());

    assertThat(
            List.of(
                pool.setup(),
                pool.destroy(),
                pool.find("a"),
                pool.volumes(),
                pool.usage(),
                pool.info(),
                pool.includedIn(List.of()),
                volume.start(),
                volume.state(),
                volume.export(),
                volume.importData(512),
                volume.importVolume(volume)))
        .allSatisfy(future -> assertThat(Outcomes.code(future)).isEqualTo(Code.CLOSED));
    assertThatExceptionOfType(StorageException.class)
        .isThrownBy(() -> origin("b"))
        .matches(e -> e.code() == Code.CLOSED);
  }

  @Test
  void closingTwiceClosesOnceAndBothWait() {
    Blocker blocker = place.block("doClose", "");
    var first = pool.close();
    var second = pool.close();
    blocker.awaitReached();
    assertThat(List.of(first, second)).noneMatch(CompletableFuture::isDone);

    blocker.release();
    Outcomes.of(first);
    Outcomes.of(second);
    Outcomes.of(pool.close());

    assertThat(place.calls).containsOnlyOnce("doClose");
    assertThat(closed).containsExactly(pool);
    assertThat(eventTypes()).containsOnlyOnce(StorageEvent.Type.POOL_CLOSED);
  }

  @Test
  void cancellingTheFutureOfACloseStopsNothing() {
    Blocker blocker = place.block("doClose", "");
    var cancelled = pool.close();
    blocker.awaitReached();
    cancelled.cancel(true);
    blocker.release();

    Outcomes.of(pool.close());
  }

  @Test
  void aCloseThatFailsIsToldAndThePoolIsForgottenAllTheSame() {
    place.fail("doClose", "", new IOException("EIO"));

    assertThat(Outcomes.refusal(pool.close())).hasMessageContaining("pool p: cannot close: ");
    assertThat(closed).containsExactly(pool);
    assertThat(Outcomes.code(pool.close())).isEqualTo(Code.IO);
  }

  @Test
  void aStageOfAnOperationMayWaitForTheClose() {
    AbstractVolume volume = created("a");

    var closing = volume.start().thenRun(() -> Outcomes.of(pool.close()));
    Outcomes.of(closing);

    assertThat(place.calls).endsWith("doClose");
  }

  @Test
  void aStageOfAQuestionOrAnImportMayWaitForTheClose() {
    AbstractVolume volume = created("a");
    AbstractVolume clone = origin("b");

    var closing =
        clone
            .importVolume(volume)
            .thenCompose(done -> clone.size())
            .thenRun(() -> Outcomes.of(pool.close()));

    Outcomes.of(closing);
  }

  @Test
  void aCloseOnOneThreadEndsThoughAnOperationsStageAskedForIt() {
    var one = Executors.newSingleThreadExecutor();
    pool = open("p", place, one, events::add);
    try {
      Outcomes.of(created("a").start().thenCompose(device -> pool.close()));
    } finally {
      one.shutdownNow();
    }
  }

  @Test
  void openImportsAreAbortedAndOpenExportsClosed() {
    AbstractVolume volume = created("a");
    VolumeImport open = Outcomes.of(volume.importData(512));
    VolumeExport export = Outcomes.of(volume.export());

    Outcomes.of(pool.close());

    assertThat(place.calls("a")).contains("doAbortImport", "doCloseExport");
    assertThat(place.calls).endsWith("doClose");
    open.close();
    export.close();
    assertThat(place.calls).containsOnlyOnce("doAbortImport a").containsOnlyOnce("doCloseExport a");
  }

  @Test
  void aHandleThatCannotBeEndedDoesNotStandInTheWayOfTheOthers() {
    AbstractVolume volume = created("a");
    AbstractVolume other = created("b");
    Outcomes.of(volume.export());
    Outcomes.of(other.export());
    place.at(
        "doCloseExport",
        "a",
        () -> {
          throw new AssertionError("a bug");
        });

    Outcomes.of(pool.close());

    assertThat(place.calls).contains("doCloseExport b").endsWith("doClose");
  }

  @Test
  void anExportThatIsBeingClosedIsLetEndBeforeThePoolIsClosed() {
    AbstractVolume volume = created("a");
    VolumeExport export = Outcomes.of(volume.export());
    Blocker blocker = place.block("doCloseExport", "a");
    var exportClosed = export.closeAsync();
    blocker.awaitReached();

    var close = pool.close();
    await().until(() -> close.isDone() || isClosingThreadBlocked());
    assertThat(close).isNotDone();
    blocker.release();

    Outcomes.of(exportClosed);
    Outcomes.of(close);
  }

  @Test
  void anImportThatIsBeingAbortedIsLetEndBeforeThePoolIsClosed() {
    AbstractVolume volume = created("a");
    VolumeImport open = Outcomes.of(volume.importData(512));
    Blocker blocker = place.block("doAbortImport", "a");
    var aborted = open.abort();
    blocker.awaitReached();

    var close = pool.close();
    await().until(() -> close.isDone() || isClosingThreadBlocked());
    assertThat(close).isNotDone();
    blocker.release();

    Outcomes.of(aborted);
    Outcomes.of(close);
  }

  @Test
  void aCloneThatWaitsForItsTurnIsLetEnd() {
    AbstractVolume source = created("source");
    AbstractVolume clone = created("clone");
    Blocker blocker = place.block("doResize", "clone");
    var resize = clone.resize(8192);
    blocker.awaitReached();
    var cloning = clone.importVolume(source);

    var close = pool.close();
    blocker.release();

    Outcomes.of(resize);
    assertThat(Outcomes.of(cloning)).isSameAs(clone);
    Outcomes.of(close);
  }

  private static boolean isClosingThreadBlocked() {
    return Thread.getAllStackTraces().entrySet().stream()
        .filter(thread -> thread.getKey().getState() == Thread.State.BLOCKED)
        .flatMap(thread -> Stream.of(thread.getValue()))
        .anyMatch(frame -> frame.getMethodName().equals("closeNow"));
  }
}
