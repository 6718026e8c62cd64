package io.cistern.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.cistern.storage.BlockDevice;
import io.cistern.storage.Capability;
import io.cistern.storage.ResizeOption;
import io.cistern.storage.StopMode;
import io.cistern.storage.StorageException;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.Volume;
import io.cistern.storage.VolumeId;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Rules 205 and 206: how volumes are removed, and what may happen to a source. */
abstract class RemovalRules extends CreationRules {
  @Test
  @Rule(205)
  void rule205_aVolumeWithAnUncommittedSessionIsNotRemoved() {
    ready();
    Volume volume = origin("root", content());
    Content written = content();
    startAndWrite(volume, written);
    assertRefused(Code.VOLUME_DIRTY, volume, volume::remove);
    scenario().reopen();
    Volume crashed = scenario().again(volume);
    assertRefused(Code.VOLUME_DIRTY, crashed, crashed::remove);
    await(crashed.stop());
    assertContent(crashed, written);
    await(crashed.start());
    await(crashed.stop(StopMode.DISCARD));
    await(crashed.remove());
  }

  @Test
  @Rule(205)
  void rule205_aStartedVolumeThatKeepsNothingIsInUse() {
    ready();
    Volume root = origin("root", content());
    for (Volume volume : List.of(volatileVolume("swap"), snapshot("snap", root))) {
      await(volume.start());
      assertRefused(Code.VOLUME_IN_USE, volume, volume::remove);
      await(volume.stop());
      await(volume.remove());
    }
  }

  @Test
  @Rule(205)
  void rule205_removeTakesEverythingOfTheVolume() {
    ready();
    Volume other = origin("root2", content(), 1);
    Set<String> before = fixture().objects();
    Volume volume = origin("root", content(), 3);
    commit(volume, content());
    importInto(volume, SIZE).close();
    export(volume).close();
    await(volume.start());
    await(volume.stop(StopMode.DISCARD));
    await(volume.remove());
    assertThat(fixture().objects()).as(rule()).isEqualTo(before);
    assertThat(await(pool().volumes()).stream().map(Volume::id))
        .as(rule())
        .containsExactly(other.id());
    assertRefused(Code.VOLUME_NOT_FOUND, volume, volume::export);
  }

  @Test
  @Rule(205)
  void rule205_aVolumeWhoseImageIsMissingIsRemovedToo() throws Exception {
    ready();
    Set<String> before = fixture().objects();
    Volume volume = origin("root", content(), 2);
    fixture().breakImage("vm/root");
    scenario().reopen();
    Volume again = scenario().again(volume);
    await(again.remove());
    assertThat(fixture().objects()).as(rule()).isEqualTo(before);
  }

  @Test
  @Rule(205)
  void rule205_whatIsNotThereIsRemovedWithSuccess() {
    ready();
    Volume volume = origin("root", content());
    await(volume.remove());
    await(volume.remove());
    await(origin("never").remove());
    await(volatileVolume("swap").remove());
    assertThat(await(pool().volumes())).as(rule()).isEmpty();
  }

  @Test
  @Rule(205)
  void rule205_theIdCanBeUsedAgainAndInheritsNothing() {
    ready();
    Volume volume = origin("root", content(), 2);
    await(volume.remove());
    Volume next = origin("root");
    await(next.create());
    assertContent(next, Content.zeros(SIZE));
    assertThat(revisionIds(next)).as(rule()).isEmpty();
    assertThat(next.config().revisionsToKeep()).as(rule()).hasValue(0);
    Content content = content();
    commit(next, content);
    scenario().reopen();
    assertContent(scenario().again(next), content);
  }

  @Test
  @Rule({205, 901})
  void rule205_aRemovalThatIsInterruptedLeavesAllOrNothing() {
    ready();
    Content first = content();
    Content second = content();
    new EveryStep(
            scenario(),
            "remove",
            name -> {
              Volume volume = origin(name, first, 2);
              commit(volume, second);
              return volume;
            },
            Volume::remove)
        .dies();
  }

  @Test
  @Rule(206)
  void rule206_runningSnapshotsDoNotChangeWithTheirSource() {
    ready();
    Content content = content();
    Volume root = origin("root", content, 2);
    Volume snapshot = snapshot("snap", root);
    Volume written = snapshot("written", root);
    await(snapshot.start());
    Content own = content();
    startAndWrite(written, own);
    commit(root, content());
    assertSnapshots(snapshot, content, written, own);
    if (can(Capability.REVERT) && keep(1) > 0) {
      await(root.revert());
      assertSnapshots(snapshot, content, written, own);
    }
    await(root.resize(2 * SIZE, ResizeOption.ALLOW_SHRINK));
    assertSnapshots(snapshot, content, written, own);
    await(root.importFrom(GatedChannel.open(content()), SIZE));
    assertSnapshots(snapshot, content, written, own);
  }

  private void assertSnapshots(Volume snapshot, Content content, Volume written, Content own) {
    assertDevice(snapshot, content);
    assertDevice(written, own);
  }

  @Test
  @Rule(206)
  void rule206_aSourceThatOthersNameIsNotRemoved() {
    ready();
    Content content = content();
    Volume root = origin("root", content);
    Volume snapshot = snapshot("snap", root);
    StorageException refusal = assertRefused(Code.VOLUME_IN_USE, root, root::remove);
    VolumeId user = snapshot.id();
    assertThat(refusal).as("%s: the user", rule()).hasMessageContaining(user.toString());
    assertContent(root, content);
    BlockDevice device = await(snapshot.start());
    images().assertPath("the snapshot", device.path(), content);
    await(snapshot.stop());
    await(snapshot.remove());
    await(root.remove());
  }
}
