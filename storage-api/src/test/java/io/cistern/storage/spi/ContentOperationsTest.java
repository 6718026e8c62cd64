package io.cistern.storage.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.cistern.storage.Capability;
import io.cistern.storage.Outcomes;
import io.cistern.storage.Revision;
import io.cistern.storage.RevisionId;
import io.cistern.storage.StorageException;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.VolumeConfig;
import io.cistern.storage.VolumeId;
import io.cistern.storage.VolumeUpdate;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** Create, remove, revert, update, and what is refused when a volume is declared. */
class ContentOperationsTest extends FakePools {
  @Test
  void createRoundsTheSizeUpAndRefusesWhatIsThere() {
    AbstractVolume volume = declare(VolumeConfig.builder("a").saveOnStop(true).size(1000).build());
    Outcomes.of(volume.create());

    assertThat(Outcomes.of(volume.size())).hasValue(1024);
    assertThat(Outcomes.code(volume.create())).isEqualTo(Code.VOLUME_EXISTS);
  }

  @Test
  void createRefusesAnOrphanedSessionAndAMissingSize() {
    place.images("a").form = SessionForm.APART;
    assertThat(Outcomes.code(origin("a").create())).isEqualTo(Code.VOLUME_EXISTS);

    AbstractVolume sizeless = declare(VolumeConfig.builder("b").saveOnStop(true).build());
    assertThat(Outcomes.code(sizeless.create())).isEqualTo(Code.INVALID_ARGUMENT);
  }

  @Test
  void createOfAKindWhoseStartMakesTheImageDoesNothing() {
    AbstractVolume swap = declare(VolumeConfig.builder("swap").size(512).build());

    assertThat(Outcomes.of(swap.create())).isSameAs(swap);
    assertThat(place.calls).isEmpty();
    assertThat(events).isEmpty();
  }

  @Test
  void removeWorksOnWhatIsMissingAndRefusesASession() {
    AbstractVolume volume = started("a");
    assertThat(Outcomes.code(volume.remove())).isEqualTo(Code.VOLUME_DIRTY);
    Outcomes.of(volume.stop());
    Outcomes.of(volume.remove());
    Outcomes.of(volume.remove());

    assertThat(place.volumes).doesNotContainKey("a");
    Outcomes.of(created("a").start());
  }

  @Test
  void revertTakesTheNewestOrTheOneThatIsNamed() {
    AbstractVolume volume = withRevisions(3);

    Outcomes.of(volume.revert());
    Outcomes.of(volume.revert(new RevisionId(1)));

    assertThat(Outcomes.of(volume.revisions()).stream().map(Revision::id))
        .containsExactly(new RevisionId(2), new RevisionId(4), new RevisionId(5));
  }

  @Test
  void anUnknownRevisionIsRefusedNamingThoseThereAre() {
    AbstractVolume volume = withRevisions(2);

    assertThat(Outcomes.refusal(volume.revert(new RevisionId(9))))
        .hasMessageContaining("no revision 9")
        .hasMessageContaining("[1, 2]")
        .matches(refusal -> refusal.code() == Code.NO_SUCH_REVISION);
    assertThat(Outcomes.code(volume.removeRevision(new RevisionId(9))))
        .isEqualTo(Code.NO_SUCH_REVISION);
    assertThat(Outcomes.refusal(created("b").revert())).hasMessageContaining("has no revisions");
  }

  @Test
  void revertIsRefusedWithASessionWithoutRwAndWithoutTheCapability() {
    AbstractVolume volume = withRevisions(1);
    Outcomes.of(volume.start());
    assertThat(Outcomes.code(volume.revert())).isEqualTo(Code.VOLUME_DIRTY);
    Outcomes.of(volume.stop());
    Outcomes.of(volume.update(VolumeUpdate.rw(false)));
    assertThat(Outcomes.code(volume.revert())).isEqualTo(Code.READ_ONLY);

    place.capabilities.remove(Capability.REVERT);
    assertThat(Outcomes.code(volume.revert())).isEqualTo(Code.UNSUPPORTED);
  }

  @Test
  void updateKeepsWhatADeclarationHasMadeOfTheVolumeMeanwhile() {
    created("a");
    pool = reopen();
    AbstractVolume found = (AbstractVolume) Outcomes.of(pool.find("a")).orElseThrow();
    Blocker blocker = place.block("doSession", "a");
    var update = found.update(VolumeUpdate.rw(false));
    blocker.awaitReached();
    AbstractVolume declared =
        declare(VolumeConfig.builder("a").saveOnStop(true).size(4096).revisionsToKeep(7).build());
    blocker.release();
    Outcomes.of(update);

    assertThat(declared.config().revisionsToKeep()).hasValue(7);
    assertThat(declared.config().rw()).isFalse();
  }

  @Test
  void updateChangesWhatItNamesAndTheNextCommitKeepsByIt() {
    AbstractVolume volume = withRevisions(3);

    Outcomes.of(volume.update(VolumeUpdate.revisionsToKeep(1)));
    assertThat(Outcomes.of(volume.revisions())).hasSize(3);
    Outcomes.of(volume.start());
    Outcomes.of(volume.stop());

    assertThat(Outcomes.of(volume.revisions())).hasSize(1);
    assertThat(volume.config().revisionsToKeep()).hasValue(1);
    assertThat(volume.config().rw()).isTrue();
  }

  @Test
  void updateRefusesWhatThePoolCannotKeep() {
    place.capabilities.remove(Capability.REVISIONS);

    assertThat(Outcomes.code(created("a").update(VolumeUpdate.revisionsToKeep(1))))
        .isEqualTo(Code.UNSUPPORTED);
  }

  @Test
  void aDeclarationThatThePoolCannotHoldIsRefused() {
    AbstractVolume swap = declare(VolumeConfig.builder("swap").size(512).build());
    VolumeId elsewhere = new VolumeId("q", "root");
    assertRefused(
        Code.INVALID_ARGUMENT, VolumeConfig.builder("a").snapOnStart(true).source(elsewhere));
    assertRefused(
        Code.INVALID_ARGUMENT,
        VolumeConfig.builder("a").snapOnStart(true).source(new VolumeId("p", "a")));
    assertRefused(Code.INVALID_ARGUMENT, snapshotOf(swap, "a"));
    assertRefused(Code.INVALID_ARGUMENT, VolumeConfig.builder("a".repeat(101)).saveOnStop(true));

    place.capabilities.clear();
    AbstractVolume root = origin("root");
    assertRefused(Code.UNSUPPORTED, snapshotOf(root, "a").saveOnStop(true));
    assertRefused(Code.UNSUPPORTED, VolumeConfig.builder("a").saveOnStop(true).revisionsToKeep(1));
    assertRefused(Code.UNSUPPORTED, VolumeConfig.builder("a").saveOnStop(true).revisionsToKeep(-1));
    assertThat(Outcomes.of(pool.find("a"))).isEmpty();
  }

  @Test
  void questionsAnswerFromWhatIsThere() {
    AbstractVolume source = created("source");
    AbstractVolume snapshot = declare(snapshotOf(source, "s").size(512).build());
    assertThat(Outcomes.of(snapshot.size())).hasValue(4096);
    place.images("source").committed = OptionalLong.empty();
    assertThat(Outcomes.of(snapshot.size())).hasValue(512);
    assertThat(Outcomes.of(declare(snapshotOf(source, "t").build()).size())).isEmpty();

    assertThat(Outcomes.of(snapshot.isOutdated())).isFalse();
    place.capabilities.remove(Capability.OUTDATED_CHECK);
    assertThat(Outcomes.code(snapshot.isOutdated())).isEqualTo(Code.UNSUPPORTED);
    assertThat(Outcomes.of(snapshot.info()).isOutdated()).isEmpty();
  }

  private AbstractVolume withRevisions(int number) {
    AbstractVolume volume =
        declare(VolumeConfig.builder("a").saveOnStop(true).size(512).revisionsToKeep(9).build());
    Outcomes.of(volume.create());
    for (int i = 0; i < number; i++) {
      Outcomes.of(volume.start());
      Outcomes.of(volume.stop());
    }
    return volume;
  }

  private void assertRefused(Code code, VolumeConfig.Builder volume) {
    assertThatExceptionOfType(StorageException.class)
        .isThrownBy(() -> pool.volume(volume.build()))
        .matches(e -> e.code() == code, code.toString());
  }
}
