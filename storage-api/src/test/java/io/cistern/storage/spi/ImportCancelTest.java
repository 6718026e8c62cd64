package io.cistern.storage.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cistern.storage.Outcomes;
import io.cistern.storage.StorageEvent;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.Transfer;
import java.io.IOException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Imports and clones whose future is cancelled, at each point of their lives. */
class ImportCancelTest extends FakePools {
  @Test
  void beforeItsTurnNothingIsBegun() {
    AbstractVolume volume = created("a");
    Blocker blocker = place.block("doResize", "a");
    var resize = volume.resize(8192);
    blocker.awaitReached();
    BlockingChannel channel = new BlockingChannel();
    var importing = volume.importFrom(channel, 512);

    assertThat(importing.cancel(true)).isTrue();
    var start = volume.start();
    blocker.release();

    Outcomes.of(resize);
    Outcomes.of(start);
    assertThat(channel.isOpen()).isFalse();
    assertThat(place.calls("a")).doesNotContain("doBeginImport", "doAbortImport");
    assertThat(eventTypes()).doesNotContain(StorageEvent.Type.IMPORTED);
    Outcomes.of(pool.close());
  }

  @Test
  void inItsFirstTurnWhatIsCalledAfterwardsWaitsForItToWindDown() {
    AbstractVolume volume = created("a");
    Blocker blocker = place.block("doCheckReady", "");
    var importing = volume.importFrom(new BlockingChannel(), 512);
    blocker.awaitReached();

    importing.cancel(true);
    var start = volume.start();
    place.mend("doCheckReady", "");
    blocker.release();

    Outcomes.of(start);
    Outcomes.of(pool.close());
  }

  @Test
  void duringTheCopyTheChannelIsClosedAndWhatIsCalledAfterwardsWaits() throws IOException {
    AbstractVolume volume = created("a");
    BlockingChannel channel = new BlockingChannel();
    Blocker blocker = place.block("doAbortImport", "a");
    var importing = volume.importFrom(channel, 512);
    channel.awaitReading();

    assertThat(importing.cancel(true)).isTrue();
    assertThat(
            Outcomes.failure(
                importing.handle((v, f) -> f).thenCompose(CompletableFuture::failedFuture)))
        .isInstanceOf(CancellationException.class);
    var start = volume.start();
    blocker.awaitReached();
    assertThat(start).isNotDone();
    blocker.release();

    Outcomes.of(start);
    assertThat(channel.isOpen()).isFalse();
    assertThat(place.calls("a"))
        .containsSubsequence("doBeginImport", "doAbortImport", "doStart")
        .doesNotContain("doCommitImport");
    assertThat(eventTypes())
        .contains(StorageEvent.Type.IMPORT_ABORTED)
        .doesNotContain(StorageEvent.Type.IMPORTED);
  }

  @Test
  void anImportThatTheCallerNoLongerWaitsForIsNotCommittedLater() throws IOException {
    AbstractVolume volume = created("a");
    BlockingChannel channel = new BlockingChannel();
    var importing = volume.importFrom(channel, 512);
    channel.awaitReading();

    assertThat(Outcomes.failure(importing.orTimeout(1, TimeUnit.MILLISECONDS)))
        .isInstanceOf(TimeoutException.class);

    Outcomes.of(volume.start());
    assertThat(channel.isOpen()).isFalse();
    assertThat(place.calls("a")).contains("doAbortImport").doesNotContain("doCommitImport");
  }

  /** Its import comes to its end before whoever closes the channel goes on. */
  private static final class SlowlyClosed extends BlockingChannel {
    private final CompletableFuture<CompletableFuture<?>> importing = new CompletableFuture<>();

    @Override
    public void close() {
      super.close();
      Awaitility.await().until(importing.join()::isDone);
    }
  }

  @Test
  void itEndsAsTheCallerWantedAlsoIfItComesToItsEndFirst() throws IOException {
    AbstractVolume volume = created("a");
    SlowlyClosed channel = new SlowlyClosed();
    var importing = volume.importFrom(channel, 512);
    channel.importing.complete(importing);
    channel.awaitReading();

    assertThat(importing.completeExceptionally(new TimeoutException())).isTrue();

    assertThat(Outcomes.failure(importing)).isInstanceOf(TimeoutException.class);
  }

  @Test
  void aCloneWhoseEndFailsTwiceInTheSameWayLeavesTheVolumeFree() {
    AbstractVolume volume = created("a");
    IOException failure = new IOException("EIO");
    place.fail("doCommitImport", "a", failure);
    place.fail("doAbortImport", "a", failure);

    assertThat(Outcomes.code(volume.importVolume(created("source")))).isEqualTo(Code.IO);

    Outcomes.of(volume.start());
  }

  @Test
  void duringTheCommitItIsNotCancelled() {
    AbstractVolume volume = created("a");
    Blocker blocker = place.block("doCommitImport", "a");
    var importing = volume.importVolume(created("source"));
    blocker.awaitReached();

    assertThat(importing.cancel(true)).isFalse();
    blocker.release();

    assertThat(Outcomes.of(importing)).isSameAs(volume);
    assertThat(importing.cancel(true)).isFalse();
    assertThat(eventTypes()).endsWith(StorageEvent.Type.IMPORTED);
  }

  @Test
  void duringTheCommitNobodyElseCompletesIt() {
    AbstractVolume volume = created("a");
    Blocker blocker = place.block("doCommitImport", "a");
    var importing = volume.importVolume(created("source"));
    blocker.awaitReached();

    assertThat(importing.completeExceptionally(new TimeoutException())).isFalse();
    assertThat(importing.complete(volume)).isFalse();
    assertThat(importing).isNotDone();
    blocker.release();

    assertThat(Outcomes.of(importing)).isSameAs(volume);
  }

  @Test
  void whileTheSourceIsBeingPinnedItIsLetGoAndTheVolumeIsFreeBefore() {
    AbstractVolume volume = created("a");
    AbstractVolume source = created("source");
    Blocker blocker = place.block("doPin", "source");
    var importing = volume.importVolume(source);
    blocker.awaitReached();

    assertThat(importing.cancel(true)).isTrue();
    Outcomes.of(volume.start());
    blocker.release();

    Outcomes.of(pool.close());
    assertThat(place.calls("source")).endsWith("doPin", "doUnpin");
    assertThat(place.calls("a")).doesNotContain("doImportContent", "doCommitImport");
  }

  @Test
  void aCloneThatWaitsForAThreadFreesItsVolumeAtOnce() {
    ExecutorService one = Executors.newSingleThreadExecutor();
    Blocker busy = new Blocker();
    one.execute(busy::run);
    pool = open("p", place, threads, one, events::add);
    try {
      AbstractVolume volume = created("a");
      AbstractVolume source = created("source");
      var importing = volume.importVolume(source);
      await().until(() -> place.calls("source").contains("doPin"));

      importing.cancel(true);

      Outcomes.of(volume.start());
      await().until(() -> place.calls("source").contains("doUnpin"));
      Outcomes.of(pool.close());
    } finally {
      busy.release();
      one.shutdownNow();
    }
  }

  @Test
  void aCopyOfADriverEndsAtItsNextProgress() {
    AbstractVolume volume = created("a");
    AbstractVolume source = created("source");
    Blocker blocker = place.block("doImportContent", "a");
    AtomicReference<Long> told = new AtomicReference<>();
    var importing = volume.importVolume(source, Transfer.withProgress((n, m) -> told.set(n)));
    blocker.awaitReached();

    importing.cancel(true);
    var start = volume.start();
    blocker.release();

    Outcomes.of(start);
    assertThat(told).hasValue(null);
    assertThat(place.calls("a")).doesNotContain("doCommitImport");
    assertThat(place.calls("source")).endsWith("doUnpin");
  }

  @Test
  void cancellingTwiceIsTheSameAsOnce() throws IOException {
    AbstractVolume volume = created("a");
    BlockingChannel channel = new BlockingChannel();
    var importing = volume.importFrom(channel, 512);
    channel.awaitReading();

    assertThat(importing.cancel(true)).isTrue();
    assertThat(importing.cancel(true)).isTrue();

    Outcomes.of(pool.close());
    assertThat(place.calls).containsOnlyOnce("doAbortImport a");
  }

  @Test
  void aRefusedImportIsNotCancelledAfterwards() {
    AbstractVolume volume = started("a");
    var importing = volume.importFrom(new BlockingChannel(), 512);
    Outcomes.refusal(importing);

    assertThat(importing.cancel(true)).isFalse();
    Outcomes.of(volume.stop());
    Outcomes.of(pool.close());
  }

  @Test
  void whereverTheCancellationFallsTheVolumeIsUsableAndThePoolCloses() {
    AbstractVolume source = created("source");
    for (int i = 0; i < 300; i++) {
      AbstractVolume volume = created("a" + i);
      var importing = volume.importVolume(source);
      var cancelling = CompletableFuture.runAsync(() -> importing.cancel(true), threads);
      if (i % 2 == 0) {
        Outcomes.of(cancelling);
      }
      Outcomes.of(importing.handle((done, failure) -> true));
      if (importing.isCancelled()) {
        Outcomes.of(volume.start());
      }
      Outcomes.of(cancelling);
    }
    Outcomes.of(pool.close());
    assertThat(place.volumes.values()).allMatch(images -> images.importing.isEmpty());
    assertThat(place.calls("source").stream().filter("doPin"::equals).count())
        .isEqualTo(place.calls("source").stream().filter("doUnpin"::equals).count());
  }
}
