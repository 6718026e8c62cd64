package io.cistern.storage.spi;

import static org.assertj.core.api.Assertions.assertThat;

import io.cistern.storage.Outcomes;
import io.cistern.storage.StopMode;
import io.cistern.storage.StorageEvent;
import io.cistern.storage.StorageException;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.Transfer;
import io.cistern.storage.VolumeConfig;
import io.cistern.storage.VolumeState;
import io.cistern.storage.VolumeUpdate;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Imports from a channel that are not cancelled. */
class ImportFromTest extends FakePools {
  @Test
  void theContentIsReplacedAndItsSizeRoundedUp() {
    AbstractVolume volume = created("a");

    assertThat(Outcomes.of(volume.importFrom(channel(1000), 1000))).isSameAs(volume);

    assertThat(Outcomes.of(volume.size())).hasValue(1024);
    assertThat(Outcomes.of(volume.revisions())).hasSize(1);
    assertThat(eventTypes()).endsWith(StorageEvent.Type.IMPORTED);
    assertThat(events).allMatch(event -> event.failure().isEmpty());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 999, 1001})
  void anotherNumberOfBytesIsRefusedAndTheVolumeIsAsItWas(int given) {
    AbstractVolume volume = created("a");

    assertThat(Outcomes.code(volume.importFrom(channel(given), 1000)))
        .isEqualTo(Code.INVALID_ARGUMENT);

    assertThat(events.get(events.size() - 1))
        .matches(event -> event.type() == StorageEvent.Type.IMPORTED)
        .matches(event -> event.failure().isPresent());
    assertUntouched(volume);
  }

  @Test
  void whileItCopiesEveryChangeIsRefusedAtOnceAndQuestionsAreAnswered() throws IOException {
    AbstractVolume volume = created("a");
    BlockingChannel channel = new BlockingChannel();
    var importing = volume.importFrom(channel, 512);
    channel.awaitReading();

    assertThat(
            List.of(
                volume.start(),
                volume.create(),
                volume.remove(),
                volume.revert(),
                volume.resize(8192),
                volume.update(VolumeUpdate.rw(false)),
                volume.importData(512),
                volume.importFrom(channel(1), 1),
                volume.importVolume(created("b"))))
        .allSatisfy(f -> assertThat(Outcomes.code(f)).isEqualTo(Code.IMPORT_IN_PROGRESS));
    assertThat(Outcomes.of(volume.info()))
        .matches(info -> info.isImporting() && info.size().getAsLong() == 4096)
        .matches(info -> info.state() == VolumeState.STOPPED);
    Outcomes.of(Outcomes.of(volume.export()).closeAsync());
    assertThat(Outcomes.of(volume.stop())).isSameAs(volume);

    channel.close();
    assertThat(Outcomes.code(importing)).isEqualTo(Code.IO);
    assertUntouched(volume);
  }

  @Test
  void aCopyThatFailsIsAbortedAndWhatTheAbortThrowsIsSuppressed() {
    AbstractVolume volume = created("a");
    place.fail("doAbortImport", "a", new IOException("EROFS"));

    StorageException failure = Outcomes.refusal(volume.importFrom(channel(1), 1000));

    assertThat(failure.code()).isEqualTo(Code.INVALID_ARGUMENT);
    assertThat(failure.getCause().getSuppressed()).singleElement().asString().contains("EROFS");
    place.mend("doAbortImport", "a");
    Outcomes.of(volume.importFrom(channel(1000), 1000));
  }

  @Test
  void anAbortThatFailsBadlyDoesNotKeepTheVolumeForGood() {
    AbstractVolume volume = created("a");
    place.at(
        "doAbortImport",
        "a",
        () -> {
          throw new AssertionError("a bug");
        });
    Outcomes.refusal(volume.importFrom(channel(1), 1000));

    Outcomes.of(volume.start());
  }

  @Test
  void aCommitThatFailsIsAborted() {
    AbstractVolume volume = created("a");
    place.fail("doCommitImport", "a", new DriverException(Code.OUT_OF_SPACE, "full", "Free some"));

    assertThat(Outcomes.code(volume.importFrom(channel(512), 512))).isEqualTo(Code.OUT_OF_SPACE);

    assertUntouched(volume);
  }

  @Test
  void progressIsToldAndAListenerThatThrowsChangesNothing() {
    AbstractVolume volume = created("a");
    List<Long> done = new ArrayList<>();

    Outcomes.of(volume.importFrom(channel(512), 512, Transfer.withProgress((n, m) -> done.add(n))));
    Transfer failing =
        Transfer.withProgress(
            (n, m) -> {
              throw new IllegalStateException("oops");
            });
    Outcomes.of(volume.importFrom(channel(512), 512, failing));

    assertThat(done).containsExactly(512L);
  }

  @Test
  void onlyAStoppedWritableVolumeThatIsSavedIsImportedInto() {
    AbstractVolume started = started("started");
    AbstractVolume fixed =
        declare(VolumeConfig.builder("fixed").saveOnStop(true).rw(false).build());
    AbstractVolume swap = declare(VolumeConfig.builder("swap").size(512).build());

    assertThat(Outcomes.code(started.importFrom(channel(1), 1))).isEqualTo(Code.VOLUME_DIRTY);
    assertThat(Outcomes.code(fixed.importFrom(channel(1), 1))).isEqualTo(Code.READ_ONLY);
    assertThat(Outcomes.code(swap.importFrom(channel(1), 1))).isEqualTo(Code.UNSUPPORTED);
    assertThat(Outcomes.code(fixed.importFrom(channel(1), 0))).isEqualTo(Code.INVALID_ARGUMENT);
    assertThat(place.calls).doesNotContain("doBeginImport started", "doBeginImport fixed");
    Outcomes.of(started.stop(StopMode.DISCARD));
  }

  @Test
  void closingThePoolWaitsForARunningImport() throws IOException {
    AbstractVolume volume = created("a");
    Blocker blocker = place.block("doCommitImport", "a");
    var importing = volume.importFrom(channel(512), 512);
    blocker.awaitReached();

    var close = pool.close();
    assertThat(close).isNotDone();
    blocker.release();

    Outcomes.of(importing);
    Outcomes.of(close);
    assertThat(place.calls).endsWith("doCommitImport a", "doClose");
  }

  @Test
  void aVolumeThatIsKeptByNoThreadOfTheTransfersIsFreeAgain() {
    RefusingExecutor transfers = new RefusingExecutor(threads);
    pool = open("p", place, threads, transfers, events::add);
    AbstractVolume volume = created("a");
    transfers.refuse();

    assertThat(Outcomes.refusal(volume.importFrom(channel(1), 1)))
        .hasMessageContaining("the executor takes no more work")
        .extracting(StorageException::code)
        .isEqualTo(Code.CLOSED);

    Outcomes.of(volume.start());
  }

  @Test
  void aVolumeWhoseLastTurnIsRejectedIsFreeAgain() throws IOException {
    RefusingExecutor executor = new RefusingExecutor(threads);
    pool = open("p", place, executor, threads, events::add);
    AbstractVolume volume = created("a");
    BlockingChannel channel = new BlockingChannel();
    var importing = volume.importFrom(channel, 512);
    channel.awaitReading();

    executor.refuse();
    channel.close();
    assertThat(Outcomes.code(importing)).isEqualTo(Code.CLOSED);
    executor.accept();

    Outcomes.of(volume.importFrom(channel(512), 512));
    Outcomes.of(pool.close());
  }

  private void assertUntouched(AbstractVolume volume) {
    assertThat(place.calls("a")).endsWith("doAbortImport");
    assertThat(Outcomes.of(volume.size())).hasValue(4096);
    assertThat(Outcomes.of(volume.revisions())).isEmpty();
    Outcomes.of(volume.start());
    Outcomes.of(volume.stop());
  }

  private static ReadableByteChannel channel(int bytes) {
    return Channels.newChannel(new ByteArrayInputStream(new byte[bytes]));
  }
}
