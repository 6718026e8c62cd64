package io.cistern.storage.spi;

import static org.assertj.core.api.Assertions.assertThat;

import io.cistern.storage.Outcomes;
import io.cistern.storage.StopMode;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.VolumeConfig;
import io.cistern.storage.VolumeState;
import io.cistern.storage.VolumeUpdate;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Volumes whose VM writes the only copy (rule 313). */
class InPlaceTest extends FakePools {
  @Test
  void whileItRunsNobodyReadsIt() {
    AbstractVolume volume = startedInPlace("a");
    AbstractVolume snapshot = declare(snapshotOf(volume, "s").build());
    AbstractVolume clone = origin("clone");

    assertThat(List.of(volume.export(), snapshot.start(), clone.importVolume(volume)))
        .allSatisfy(f -> assertThat(Outcomes.code(f)).isEqualTo(Code.VOLUME_IN_USE));
    Outcomes.of(volume.stop());

    Outcomes.of(Outcomes.of(volume.export()).closeAsync());
    Outcomes.of(snapshot.start());
    Outcomes.of(clone.importVolume(volume));
  }

  @Test
  void whatACrashLeftInPlaceIsNotReadEither() {
    startedInPlace("a");
    pool = reopen();
    AbstractVolume volume = inPlace("a");
    assertThat(Outcomes.code(volume.export())).isEqualTo(Code.VOLUME_IN_USE);

    Outcomes.of(volume.start());
    assertThat(Outcomes.code(volume.export())).isEqualTo(Code.VOLUME_IN_USE);
    Outcomes.of(volume.stop());

    Outcomes.of(volume.export());
    assertThat(place.calls("a")).contains("doContinue", "doCommit");
  }

  @Test
  void whileItIsReadItIsNotStarted() {
    AbstractVolume volume = inPlace("a");
    Outcomes.of(volume.create());
    AbstractVolume clone = origin("clone");
    Blocker blocker = place.block("doImportContent", "clone");
    var cloning = clone.importVolume(volume);
    blocker.awaitReached();

    assertThat(Outcomes.refusal(volume.start()))
        .hasMessageContaining("being read")
        .matches(refusal -> refusal.code() == Code.VOLUME_IN_USE);
    assertThat(place.calls("a")).doesNotContain("doStart");
    blocker.release();

    Outcomes.of(cloning);
    Outcomes.of(volume.start());
  }

  @Test
  void aStartThatFailsLetsReadersIn() {
    AbstractVolume volume = inPlace("a");
    Outcomes.of(volume.create());
    place.fail("doStart", "a", new IOException("EIO"));
    Outcomes.refusal(volume.start());

    Outcomes.of(volume.export());
  }

  @Test
  void aReadThatFailsLetsTheVmIn() {
    AbstractVolume volume = inPlace("a");
    Outcomes.of(volume.create());
    place.fail("doExport", "a", new IOException("EIO"));
    place.fail("doPin", "a", new IOException("EIO"));
    Outcomes.refusal(volume.export());
    Outcomes.refusal(origin("clone").importVolume(volume));

    Outcomes.of(volume.start());
    Outcomes.of(pool.close());
  }

  @Test
  void aStopThatFailsKeepsReadersOut() {
    AbstractVolume volume = startedInPlace("a");
    place.fail("doCommit", "a", new IOException("EIO"));
    Outcomes.refusal(volume.stop());

    assertThat(Outcomes.code(volume.export())).isEqualTo(Code.VOLUME_IN_USE);
    assertThat(Outcomes.of(volume.state())).isEqualTo(VolumeState.STARTED);
  }

  @Test
  void whatWasWrittenCannotBeDiscardedAndMakesNoRevision() {
    AbstractVolume volume = startedInPlace("a");

    assertThat(Outcomes.code(volume.stop(StopMode.DISCARD))).isEqualTo(Code.UNSUPPORTED);
    Outcomes.of(volume.stop());

    assertThat(Outcomes.of(volume.revisions())).isEmpty();
    assertThat(place.calls("a")).endsWith("doCommit");
  }

  @Test
  void itIsNotEnteredOrLeftWhileThereIsASession() {
    AbstractVolume volume = startedInPlace("a");
    AbstractVolume other = started("b");

    assertThat(Outcomes.code(volume.update(VolumeUpdate.revisionsToKeep(1))))
        .isEqualTo(Code.VOLUME_DIRTY);
    assertThat(Outcomes.code(volume.update(VolumeUpdate.rw(false)))).isEqualTo(Code.VOLUME_DIRTY);
    assertThat(Outcomes.code(other.update(VolumeUpdate.revisionsToKeep(-1))))
        .isEqualTo(Code.VOLUME_DIRTY);
    Outcomes.of(other.update(VolumeUpdate.revisionsToKeep(7)));
    Outcomes.of(volume.stop());

    Outcomes.of(volume.update(VolumeUpdate.revisionsToKeep(1)));
    Outcomes.of(volume.start());
    assertThat(place.images("a").form).isEqualTo(SessionForm.APART);
  }

  @Test
  void itIsForOriginsOfPoolsThatCanOnly() {
    AbstractVolume snapshot = declare(snapshotOf(created("source"), "s").build());
    assertThat(Outcomes.code(snapshot.update(VolumeUpdate.revisionsToKeep(-1))))
        .isEqualTo(Code.INVALID_ARGUMENT);

    place.capabilities.remove(io.cistern.storage.Capability.IN_PLACE);

    assertThat(Outcomes.code(origin("source").update(VolumeUpdate.revisionsToKeep(-1))))
        .isEqualTo(Code.UNSUPPORTED);
  }

  @Test
  void thePoolsDefaultMayBeInPlaceForOriginsOnly() {
    place.defaultRevisions = -1;
    AbstractVolume origin = created("a");
    AbstractVolume both = declare(snapshotOf(origin, "b").saveOnStop(true).build());

    assertThat(Outcomes.of(origin.info()).revisionsToKeep()).isEqualTo(-1);
    assertThat(Outcomes.of(both.info()).revisionsToKeep()).isZero();
    Outcomes.of(origin.start());
    assertThat(place.images("a").form).isEqualTo(SessionForm.IN_PLACE);
  }

  private AbstractVolume inPlace(String vid) {
    return declare(
        VolumeConfig.builder(vid).saveOnStop(true).size(4096).revisionsToKeep(-1).build());
  }

  private AbstractVolume startedInPlace(String vid) {
    AbstractVolume volume = inPlace(vid);
    Outcomes.of(volume.create());
    Outcomes.of(volume.start());
    return volume;
  }
}
