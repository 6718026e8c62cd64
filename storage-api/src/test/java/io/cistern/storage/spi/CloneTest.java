package io.cistern.storage.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import io.cistern.storage.Outcomes;
import io.cistern.storage.StorageException;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.Volume;
import io.cistern.storage.VolumeConfig;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** {@link Volume#importVolume}. */
class CloneTest extends FakePools {
  @Test
  void aCloneHasTheSizeOfItsSourceAndTheSourceIsLetGo() {
    AbstractVolume source = created("source");
    Outcomes.of(source.resize(8192));
    AbstractVolume clone = origin("clone");

    Outcomes.of(clone.importVolume(source));

    assertThat(Outcomes.of(clone.size())).hasValue(8192);
    assertThat(place.calls("source")).endsWith("doPin", "doUnpin");
  }

  @Test
  void aVolumeMayBeClonedIntoItself() {
    AbstractVolume volume = created("a");

    Outcomes.of(volume.importVolume(volume));

    assertThat(Outcomes.of(volume.revisions())).hasSize(1);
  }

  @Test
  void intoAVolumeThatIsNotSavedNothingIsDoneAndTheSourceIsNotTouched() {
    AbstractVolume swap = declare(VolumeConfig.builder("swap").size(512).build());
    AbstractVolume missing = origin("missing");

    assertThat(Outcomes.of(swap.importVolume(missing))).isSameAs(swap);
    assertThat(place.calls).isEmpty();
  }

  @Test
  void aSourceWithoutCommittedContentIsRefused() {
    AbstractVolume clone = created("a");
    AbstractVolume swap = declare(VolumeConfig.builder("swap").size(512).build());

    assertThat(Outcomes.code(clone.importVolume(swap))).isEqualTo(Code.UNSUPPORTED);
    assertThat(Outcomes.code(clone.importVolume(origin("missing"))))
        .isEqualTo(Code.VOLUME_NOT_FOUND);
    Outcomes.of(clone.start());
    Outcomes.of(pool.close());
  }

  @Test
  void clonesOfEachOtherDoNotWaitForEachOther() {
    AbstractVolume a = created("a");
    AbstractVolume b = created("b");
    for (int i = 0; i < 200; i++) {
      var there = a.importVolume(b);
      var back = b.importVolume(a);
      Outcomes.of(there);
      Outcomes.of(back);
    }
  }

  @Test
  void theSourcesPoolWaitsWithItsCloseUntilTheCloneHasEnded() {
    AbstractVolume source = created("source");
    FakePool other = open("other", new FakePlace(scratch));
    AbstractVolume clone =
        (AbstractVolume) other.volume(VolumeConfig.builder("clone").saveOnStop(true).build());
    Blocker blocker = other.place.block("doImportContent", "clone");
    var cloning = clone.importVolume(source);
    blocker.awaitReached();

    var close = pool.close();
    assertThat(close).isNotDone();
    blocker.release();

    Outcomes.of(cloning);
    Outcomes.of(close);
    assertThat(Outcomes.code(clone.importVolume(source))).isEqualTo(Code.CLOSED);
    Outcomes.of(clone.start());
  }

  @Test
  void aSourceIsLetGoThoughNoThreadCopiesIt() {
    RefusingExecutor transfers = new RefusingExecutor(threads);
    pool = open("p", place, threads, transfers, events::add);
    AbstractVolume source = created("source");
    AbstractVolume clone = created("clone");
    transfers.refuse();

    assertThat(Outcomes.code(clone.importVolume(source))).isEqualTo(Code.CLOSED);

    assertThat(place.calls("source")).endsWith("doUnpin");
    Outcomes.of(pool.close());
  }

  @Test
  void aSourceThatCannotBeLetGoIsLoggedAndTheCloneIsDone() {
    AbstractVolume source = created("source");
    AbstractVolume clone = created("clone");
    place.fail("doUnpin", "source", new java.io.IOException("EIO"));

    Outcomes.of(clone.importVolume(source));
    Outcomes.of(pool.close());
  }

  @Test
  void aForeignSourceIsReadThroughItsExport() {
    place.images("real").committed = OptionalLong.of(1024);
    var export = Outcomes.of(Outcomes.of(pool.find("real")).orElseThrow().export());
    Volume foreign = foreign(CompletableFuture.completedFuture(export));
    AbstractVolume clone = created("clone");

    Outcomes.of(clone.importVolume(foreign));

    assertThat(Outcomes.of(clone.size())).hasValue(1024);
    assertThat(place.calls("real")).endsWith("doCloseExport");
  }

  @Test
  void theRefusalOfAForeignSourceIsPassedOn() {
    StorageException refusal =
        new StorageException(Code.VOLUME_NOT_FOUND, "x:y", "export", "it is gone", "Restore it");
    AbstractVolume clone = created("clone");

    assertThat(
            Outcomes.refusal(clone.importVolume(foreign(CompletableFuture.failedFuture(refusal)))))
        .hasMessageContaining("p:clone: cannot import")
        .hasMessageContaining("x:y: cannot export: it is gone")
        .hasCause(refusal)
        .matches(failure -> failure.code() == Code.VOLUME_NOT_FOUND);
    Outcomes.of(clone.start());
  }

  @Test
  void aForeignSourceThatThrowsDoesNotKeepTheVolume() {
    AbstractVolume clone = created("clone");
    for (Throwable thrown : List.of(new IllegalStateException("a"), new AssertionError("b"))) {
      Volume foreign = mock(Volume.class);
      when(foreign.export()).thenThrow(thrown);

      Outcomes.failure(clone.importVolume(foreign));
    }
    Outcomes.of(clone.start());
  }

  private static Volume foreign(CompletableFuture<io.cistern.storage.VolumeExport> export) {
    Volume foreign = mock(Volume.class);
    when(foreign.export()).thenReturn(export);
    return foreign;
  }
}
