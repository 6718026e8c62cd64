package io.cistern.storage.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cistern.storage.Outcomes;
import io.cistern.storage.StopMode;
import io.cistern.storage.StorageEvent;
import io.cistern.storage.StorageException;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.Volume;
import io.cistern.storage.VolumeConfig;
import io.cistern.storage.VolumeState;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Start and stop, apart from sessions in place. */
class SessionTest extends FakePools {
  @Test
  void startingAStartedOneAndStoppingAStoppedOneChangeNothing() {
    AbstractVolume volume = created("a");
    var device = Outcomes.of(volume.start());
    assertThat(Outcomes.of(volume.start())).isEqualTo(device);
    Outcomes.of(volume.stop());
    Outcomes.of(volume.stop());
    Outcomes.of(volume.stop(StopMode.DISCARD));

    assertThat(place.calls("a"))
        .containsOnlyOnce("doStart", "doCommit")
        .doesNotContain("doDiscard");
    assertThat(eventTypes())
        .containsExactly(
            StorageEvent.Type.CREATED, StorageEvent.Type.STARTED, StorageEvent.Type.COMMITTED);
  }

  @Test
  void whatACrashLeftOfAnOriginIsContinuedAndCommitted() {
    started("a");
    pool = reopen();
    AbstractVolume volume = origin("a");
    assertThat(Outcomes.of(volume.state())).isEqualTo(VolumeState.CRASHED);
    assertThat(Outcomes.of(volume.isDirty())).isTrue();
    assertThat(Outcomes.code(volume.blockDevice())).isEqualTo(Code.VOLUME_NOT_FOUND);
    Outcomes.of(volume.verify());

    Outcomes.of(volume.start());

    assertThat(Outcomes.of(volume.state())).isEqualTo(VolumeState.STARTED);
    assertThat(place.calls("a")).containsOnlyOnce("doStart").contains("doContinue");
    Outcomes.of(volume.stop());
    assertThat(Outcomes.of(volume.revisions())).hasSize(1);
  }

  @Test
  void whatACrashLeftIsCommittedOrDroppedWithoutAStart() {
    started("a");
    started("b");
    pool = reopen();

    Outcomes.of(origin("a").stop());
    Outcomes.of(origin("b").stop(StopMode.DISCARD));

    assertThat(place.calls("a")).endsWith("doCommit");
    assertThat(place.calls("b")).endsWith("doDiscard");
  }

  @Test
  void whatACrashLeftOfASnapshotIsDroppedByTheNextStart() {
    AbstractVolume source = created("source");
    Outcomes.of(declare(snapshotOf(source, "s").build()).start());
    pool = reopen();
    AbstractVolume snapshot = declare(snapshotOf(origin("source"), "s").build());
    assertThat(Outcomes.of(snapshot.isDirty())).isFalse();

    Outcomes.of(snapshot.start());

    assertThat(place.calls("s")).containsSubsequence("doStart", "doDiscard", "doStart");
  }

  @Test
  void aStartWhoseSourceIsMissingLeavesEvenWhatACrashLeft() {
    AbstractVolume source = created("source");
    Outcomes.of(declare(snapshotOf(source, "s").build()).start());
    place.images("source").committed = OptionalLong.empty();
    pool = reopen();
    AbstractVolume snapshot = declare(snapshotOf(origin("source"), "s").build());

    assertThat(Outcomes.refusal(snapshot.start()))
        .hasMessageContaining("p:source")
        .hasMessageContaining("the image of source");

    assertThat(place.calls("s")).doesNotContain("doDiscard");
    assertThat(Outcomes.code(snapshot.verify())).isEqualTo(Code.VOLUME_NOT_FOUND);
  }

  @ParameterizedTest
  @EnumSource(StopMode.class)
  void aHeldSessionIsNotEndedAndTheHolderIsNamed(StopMode mode) {
    AbstractVolume volume = started("a");
    place.images("a").holder = Optional.of("loop7");

    assertThat(Outcomes.refusal(volume.stop(mode)))
        .hasMessageContaining("loop7")
        .matches(refusal -> refusal.code() == Code.VOLUME_IN_USE);
    assertThat(place.calls("a")).doesNotContain("doCommit", "doDiscard");
    assertThat(Outcomes.of(volume.state())).isEqualTo(VolumeState.STARTED);

    place.images("a").holder = Optional.empty();
    Outcomes.of(volume.stop(mode));
  }

  @Test
  void aSessionThatIsHeldAfterAReopenIsStartedAndNeitherSwappedNorRemoved() {
    started("a");
    place.images("a").holder = Optional.of("loop7");
    pool = reopen();
    AbstractVolume volume = origin("a");

    assertThat(Outcomes.of(volume.state())).isEqualTo(VolumeState.STARTED);
    assertThat(Outcomes.of(volume.blockDevice())).isEqualTo(Outcomes.of(volume.start()));
    assertThat(Outcomes.code(volume.remove())).isEqualTo(Code.VOLUME_DIRTY);
    assertThat(Outcomes.code(volume.stop())).isEqualTo(Code.VOLUME_IN_USE);
    assertThat(place.calls("a")).containsOnlyOnce("doStart").doesNotContain("doContinue");
  }

  @Test
  void aStartThatFailsLeavesTheVolumeStoppedAndTheNextOneWorks() {
    AbstractVolume volume = created("a");
    place.fail("doStart", "a", new IOException("EIO"));
    Outcomes.refusal(volume.start());
    assertThat(Outcomes.of(volume.state())).isEqualTo(VolumeState.STOPPED);
    place.mend("doStart", "a");

    Outcomes.of(volume.start());
  }

  @Test
  void aStopThatFailsCanBeRepeated() {
    AbstractVolume volume = started("a");
    place.fail("doCommit", "a", new IOException("EIO"));
    Outcomes.refusal(volume.stop());
    assertThat(Outcomes.of(volume.state())).isEqualTo(VolumeState.STARTED);
    place.mend("doCommit", "a");

    Outcomes.of(volume.stop());

    assertThat(Outcomes.of(volume.revisions())).hasSize(1);
  }

  @Test
  void aStartedVolumeWhoseDirtyImageIsGoneIsAnErrorAtStopButCanBeGivenUp() {
    AbstractVolume volume = started("a");
    place.images("a").form = SessionForm.NONE;
    place.images("a").session = OptionalLong.empty();

    assertThat(Outcomes.refusal(volume.stop()))
        .hasMessageContaining("is gone")
        .matches(refusal -> refusal.code() == Code.IO);
    assertThat(Outcomes.of(volume.isDirty())).isTrue();

    Outcomes.of(volume.stop(StopMode.DISCARD));
    assertThat(Outcomes.of(volume.state())).isEqualTo(VolumeState.STOPPED);
  }

  @Test
  void anOriginThatMayNotBeWrittenCommitsNothing() {
    created("a");
    pool = reopen();
    AbstractVolume volume =
        declare(VolumeConfig.builder("a").saveOnStop(true).rw(false).revisionsToKeep(-1).build());
    assertThat(Outcomes.of(volume.start()).rw()).isFalse();

    Outcomes.of(volume.stop());

    assertThat(place.calls("a")).endsWith("doDiscard");
    assertThat(eventTypes()).endsWith(StorageEvent.Type.DISCARDED);
  }

  @Test
  void whatWasBegunToBeKeptIsNotDroppedBecauseOfALaterDeclaration() {
    started("a");
    pool = reopen();
    AbstractVolume readOnly =
        declare(VolumeConfig.builder("a").saveOnStop(true).rw(false).size(4096).build());

    assertThat(Outcomes.refusal(readOnly.stop()))
        .hasMessageContaining("begun to be kept")
        .matches(refusal -> refusal.code() == Code.VOLUME_DIRTY);
    assertThat(place.calls("a")).doesNotContain("doDiscard", "doCommit");

    Outcomes.of(readOnly.stop(StopMode.DISCARD));
    assertThat(place.calls("a")).endsWith("doDiscard");
  }

  @Test
  void aSessionThatAStartGoesOnWithIsNotDeclaredAnewMeanwhile() {
    started("a");
    pool = reopen();
    AbstractVolume found = (AbstractVolume) Outcomes.of(pool.find("a")).orElseThrow();
    Blocker blocker = place.block("doContinue", "a");
    var start = found.start();
    blocker.awaitReached();
    VolumeConfig readOnly = VolumeConfig.builder("a").saveOnStop(true).rw(false).size(4096).build();

    assertThatThrownBy(() -> pool.volume(readOnly))
        .isInstanceOfSatisfying(
            StorageException.class, e -> assertThat(e.code()).isEqualTo(Code.VOLUME_DIRTY));
    blocker.release();
    Outcomes.of(start);
    Outcomes.of(found.stop());
    assertThat(place.calls("a")).endsWith("doCommit");
  }

  @Test
  void whatWasBegunToBeKeptIsNotDroppedByAStartOfAnotherKind() {
    started("a");
    pool = reopen();
    AbstractVolume swap = declare(VolumeConfig.builder("a").size(4096).build());

    assertThat(Outcomes.code(swap.start())).isEqualTo(Code.VOLUME_DIRTY);
    assertThat(Outcomes.code(swap.stop())).isEqualTo(Code.VOLUME_DIRTY);

    assertThat(place.calls("a")).doesNotContain("doDiscard", "doCommit");
  }

  @Test
  void whatWasBegunToBeKeptIsNeitherRemovedNorContinuedWithWhatKeepsNothing() {
    started("a");
    pool = reopen();
    AbstractVolume swap = declare(VolumeConfig.builder("a").size(4096).build());
    assertThat(Outcomes.code(swap.remove())).isEqualTo(Code.VOLUME_DIRTY);
    pool = reopen();
    AbstractVolume readOnly =
        declare(VolumeConfig.builder("a").saveOnStop(true).rw(false).size(4096).build());
    assertThat(Outcomes.code(readOnly.start())).isEqualTo(Code.VOLUME_DIRTY);

    pool = reopen();
    Outcomes.of(origin("a").stop());
    assertThat(place.calls("a"))
        .endsWith("doCommit")
        .doesNotContain("doDiscard", "doContinue", "doRemove");
  }

  @Test
  void whatAnEndThatHasFailedLeavesIsNoLongerOfThisDeclaration() {
    created("a");
    pool = reopen();
    AbstractVolume found = (AbstractVolume) Outcomes.of(pool.find("a")).orElseThrow();
    Outcomes.of(found.start());
    place.at(
        "doCommit",
        "a",
        () -> {
          found.forgetStart();
          throw new IOException("it hangs");
        });
    Outcomes.refusal(found.stop());
    place.mend("doCommit", "a");

    AbstractVolume readOnly = declare(VolumeConfig.builder("a").saveOnStop(true).rw(false).build());
    assertThat(Outcomes.code(readOnly.stop())).isEqualTo(Code.VOLUME_DIRTY);
    assertThat(place.calls("a")).doesNotContain("doDiscard");
  }

  private void createdWithDroppedSession(String vid) {
    created(vid);
    place.images(vid).form = SessionForm.DROPPED;
    place.images(vid).session = OptionalLong.of(4096);
  }

  @Test
  void whatIsDroppedAtItsEndAndHeldIsGivenOutToBeReadAndHasNoSizeToKeep() {
    createdWithDroppedSession("a");
    place.images("a").holder = Optional.of("loop7");
    pool = reopen();
    AbstractVolume volume = origin("a");

    assertThat(Outcomes.of(volume.blockDevice()).rw()).isFalse();
    assertThat(Outcomes.of(volume.start()).rw()).isFalse();
    assertThat(Outcomes.code(volume.resize(8192))).isEqualTo(Code.VOLUME_DIRTY);
    assertThat(place.calls("a")).doesNotContain("doResizeSession");
  }

  @Test
  void whatIsDroppedAtItsEndIsNotContinuedToBeWritten() {
    createdWithDroppedSession("a");
    pool = reopen();
    AbstractVolume volume = origin("a");

    Outcomes.of(volume.start());
    Outcomes.of(volume.stop());

    assertThat(place.calls("a"))
        .containsSubsequence("doDiscard", "doStart", "doCommit")
        .doesNotContain("doContinue");
  }

  @Test
  void aVolumeThatIsAtWorkIsNotDeclaredAsOneThatEndsOtherwise() {
    started("a");
    place.images("a").holder = Optional.of("loop7");
    pool = reopen();
    Volume found = Outcomes.of(pool.find("a")).orElseThrow();
    Outcomes.of(found.start());
    VolumeConfig readOnly = VolumeConfig.builder("a").saveOnStop(true).rw(false).build();
    List<VolumeConfig> others =
        List.of(
            readOnly,
            readOnly.toBuilder().rw(true).revisionsToKeep(-1).build(),
            VolumeConfig.builder("a").size(4096).build());

    for (VolumeConfig other : others) {
      assertThatThrownBy(() -> declare(other))
          .isInstanceOfSatisfying(
              StorageException.class,
              refusal -> assertThat(refusal.code()).isEqualTo(Code.VOLUME_DIRTY));
    }
    declare(readOnly.toBuilder().rw(true).revisionsToKeep(3).build());
  }

  @Test
  void aQuestionThatAStartOvertakesDoesNotTakeItsSessionForACrash() {
    AbstractVolume volume = created("a");
    Blocker asked = place.block("doSession", "a");
    var state = volume.state();
    asked.awaitReached();
    place.mend("doSession", "a");
    Blocker starting = place.block("doBlockDevice", "a");
    var start = volume.start();
    starting.awaitReached();

    asked.release();

    assertThat(Outcomes.of(state)).isNotEqualTo(VolumeState.CRASHED);
    starting.release();
    Outcomes.of(start);
  }

  @Test
  void aVolumeWithoutItsImageIsNotStarted() {
    AbstractVolume volume = origin("a");

    assertThat(Outcomes.code(volume.start())).isEqualTo(Code.VOLUME_NOT_FOUND);
    assertThat(Outcomes.code(volume.verify())).isEqualTo(Code.VOLUME_NOT_FOUND);
    assertThat(place.calls("a")).isEmpty();
  }

  @Test
  void aRemovedVolatileVolumeIsNotStartedUntilItIsDeclaredAgain() {
    VolumeConfig config = VolumeConfig.builder("swap").size(512).build();
    AbstractVolume swap = declare(config);
    Outcomes.of(swap.start());
    assertThat(Outcomes.code(swap.remove())).isEqualTo(Code.VOLUME_IN_USE);
    Outcomes.of(swap.stop());
    Outcomes.of(swap.remove());
    Outcomes.of(swap.remove());
    assertThat(Outcomes.code(swap.start())).isEqualTo(Code.VOLUME_NOT_FOUND);

    declare(config);

    Outcomes.of(swap.start());
  }

  @Test
  void aSnapshotOfAStartedSourceNeedsTheCapability() {
    Volume source = started("source");
    AbstractVolume snapshot = declare(snapshotOf(source, "s").build());
    place.capabilities.remove(io.cistern.storage.Capability.EXPORT_WHILE_RUNNING);
    assertThat(Outcomes.code(snapshot.start())).isEqualTo(Code.UNSUPPORTED);
    assertThat(Outcomes.code(source.export())).isEqualTo(Code.UNSUPPORTED);

    Outcomes.of(source.stop());

    Outcomes.of(snapshot.start());
  }
}
