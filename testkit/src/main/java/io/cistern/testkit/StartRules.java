package io.cistern.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.cistern.storage.BlockDevice;
import io.cistern.storage.Capability;
import io.cistern.storage.RevisionId;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.Volume;
import io.cistern.storage.VolumeConfig;
import io.cistern.storage.VolumeState;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Rules 301 to 306 and 312: what a VM gets. */
abstract class StartRules extends RemovalRules {
  /** An origin-snapshot where the driver can, else a snapshot. */
  final Volume anySnapshot(String volume, Volume source) {
    return can(Capability.SNAP_AND_SAVE)
        ? originSnapshot(volume, source)
        : snapshot(volume, source);
  }

  final Volume originSnapshot(String volume, Volume source) {
    return declare(
        VolumeConfig.originSnapshot("vm", volume)
            .source(source.id())
            .revisionsToKeep(keep(2))
            .build());
  }

  @Test
  @Rule(301)
  void rule301_aVolatileVolumeStartsZeroedAtItsNominalSize() {
    ready();
    long size = SIZE + fixture().granule();
    Volume volume = declare(VolumeConfig.volatileVolume("vm", "swap").size(size - 1).build());
    startAndWrite(volume, content());
    await(volume.stop());
    await(volume.start());
    assertDevice(volume, Content.zeros(size));
    write(await(volume.blockDevice()), content());
    scenario().reopen();
    Volume again = scenario().again(volume);
    await(again.start());
    assertDevice(again, Content.zeros(size));
  }

  @Test
  @Rule(302)
  void rule302_aSnapshotStartsWithTheContentAndSizeOfItsSource() {
    ready();
    Content first = content();
    Volume root = origin("root", first);
    for (Volume volume : List.of(snapshot("snap", root), anySnapshot("saved", root))) {
      await(volume.start());
      assertDevice(volume, first);
      write(await(volume.blockDevice()), content());
      await(volume.stop());
      Content larger = content().resized(2 * SIZE);
      await(root.importFrom(GatedChannel.open(larger), larger.size()));
      await(volume.start());
      assertDevice(volume, larger);
      await(volume.stop());
      await(root.importFrom(GatedChannel.open(first), SIZE));
      assertContent(root, first);
    }
  }

  @Test
  @Rule({302, 303})
  void rule302_aSnapshotOfARunningSourceHasItsCommittedContent() {
    ready();
    Content committed = content();
    Volume root = origin("root", committed);
    startAndWrite(root, content());
    Volume snapshot = snapshot("snap", root);
    if (can(Capability.EXPORT_WHILE_RUNNING)) {
      await(snapshot.start());
      assertDevice(snapshot, committed);
    } else {
      assertRefusedCode(snapshot, root);
    }
  }

  private void assertRefusedCode(Volume snapshot, Volume root) {
    assertRefused(Code.UNSUPPORTED, root, snapshot::start);
    assertThat(await(snapshot.state())).as(rule()).isEqualTo(VolumeState.STOPPED);
  }

  @Test
  @Rule(303)
  void rule303_anOriginStartsWithItsCommittedContent() {
    ready();
    Content content = content();
    Volume root = origin("root", content);
    await(root.start());
    assertDevice(root, content);
    await(root.stop());
    assertContent(root, content);
  }

  @Test
  @Rule(303)
  void rule303_whatAVmWritesIsSeenByNobodyBeforeTheStop() {
    ready();
    Content committed = content();
    Volume root = origin("root", committed, 2);
    List<Content> revisions = images().revisions(root);
    Content written = content();
    startAndWrite(root, written);
    Volume clone = origin("clone");
    if (can(Capability.EXPORT_WHILE_RUNNING)) {
      assertContent(root, committed);
      await(clone.importVolume(root));
      assertContent(clone, committed);
    } else {
      assertRefused(Code.UNSUPPORTED, root, root::export);
      assertFails(Code.UNSUPPORTED, root, () -> clone.importVolume(root));
    }
    assertThat(images().revisions(root)).as(rule()).isEqualTo(revisions);
    assertDevice(root, written);
    await(root.stop());
    assertContent(root, written);
  }

  @Test
  @Rule(303)
  void rule303_whatAVmWritesToASnapshotNeverReachesTheSource() {
    ready();
    Content content = content();
    Volume root = origin("root", content);
    Volume snapshot = anySnapshot("snap", root);
    startAndWrite(snapshot, content());
    assertContent(root, content);
    await(snapshot.stop());
    assertContent(root, content);
  }

  @Test
  @Rule(304)
  void rule304_startOfAStartedVolumeChangesNothing() {
    ready();
    Volume root = origin("root", content());
    for (Volume volume : List.of(root, volatileVolume("swap"), anySnapshot("snap", root))) {
      Content written = content();
      BlockDevice device = startAndWrite(volume, written);
      Map<String, String> before = fixture().snapshot();
      assertThat(await(volume.start())).as(rule()).isEqualTo(device);
      assertThat(await(volume.blockDevice())).as(rule()).isEqualTo(device);
      assertThat(fixture().snapshot()).as(rule()).isEqualTo(before);
      assertDevice(volume, written);
      assertThat(await(volume.state())).as(rule()).isEqualTo(VolumeState.STARTED);
      await(volume.stop());
    }
  }

  @Test
  @Rule(305)
  void rule305_afterACrashAnOriginContinues() {
    ready();
    Content committed = content();
    Volume root = origin("root", committed);
    Content written = content();
    startAndWrite(root, written);
    scenario().crash();
    Volume again = scenario().again(root);
    await(again.start());
    assertDevice(again, written);
    scenario().crash();
    Volume stopped = scenario().again(root);
    await(stopped.stop());
    assertContent(stopped, written);
  }

  @Test
  @Rule({305, 302})
  void rule305_afterACrashAnOriginSnapshotContinuesWhateverItsSourceDid() {
    ready();
    if (!can(Capability.SNAP_AND_SAVE)) {
      return; // rule201_anOriginSnapshotNeedsTheFeatureSnapAndSave holds that it is refused
    }
    Volume root = origin("root", content());
    Volume saved = originSnapshot("saved", root);
    Content written = content();
    startAndWrite(saved, written);
    scenario().crash();
    commit(scenario().again(root), content());
    Volume again = scenario().again(saved);
    await(again.start());
    assertDevice(again, written);
    await(again.stop());
    assertContent(again, written);
  }

  @Test
  @Rule(305)
  void rule305_afterACrashWhatIsNotSavedStartsAnew() {
    ready();
    Content content = content();
    Volume root = origin("root", content);
    Volume scratch = volatileVolume("swap");
    Volume snapshot = snapshot("snap", root);
    startAndWrite(scratch, content());
    startAndWrite(snapshot, content());
    scenario().crash();
    Volume scratchAgain = scenario().again(scratch);
    await(scratchAgain.start());
    assertDevice(scratchAgain, Content.zeros(SIZE));
    Volume snapshotAgain = scenario().again(snapshot);
    await(snapshotAgain.start());
    assertDevice(snapshotAgain, content);
  }

  @Test
  @Rule(306)
  void rule306_aStartWithoutAnImageIsRefused() throws Exception {
    ready();
    Volume missing = origin("missing");
    assertRefused(Code.VOLUME_NOT_FOUND, missing, missing::start);
    Volume orphan = snapshot("orphan", missing);
    assertRefused(Code.VOLUME_NOT_FOUND, orphan, orphan::start);
    Volume root = origin("root", content(), 2);
    Volume snapshot = snapshot("snap", root);
    List<RevisionId> revisions = revisionIds(root);
    fixture().breakImage("vm/root");
    assertRefused(Code.VOLUME_NOT_FOUND, root, root::start);
    assertRefused(Code.VOLUME_NOT_FOUND, snapshot, snapshot::start);
    assertThat(await(root.state())).as(rule()).isEqualTo(VolumeState.STOPPED);
    assertThat(await(snapshot.state())).as(rule()).isEqualTo(VolumeState.STOPPED);
    assertThat(revisionIds(root)).as(rule()).isEqualTo(revisions);
  }

  @Test
  @Rule(312)
  void rule312_aFailedStartWorksOnceTheCauseIsGone() {
    ready();
    Volume root = origin("root");
    Volume snapshot = anySnapshot("snap", root);
    assertRefused(Code.VOLUME_NOT_FOUND, snapshot, snapshot::start);
    assertRefused(Code.VOLUME_NOT_FOUND, root, root::start);
    Content content = content();
    filled(root, content);
    await(snapshot.start());
    assertDevice(snapshot, content);
  }

  @Test
  @Rule({312, 1001})
  void rule312_aStartThatFailsAtAnyStepLeavesTheVolumeAsItWas() {
    ready();
    Content first = content();
    new EveryStep(scenario(), "start", name -> origin(name, first), Volume::start)
        .failsWithoutChange();
  }

  @Test
  @Rule({312, 901})
  void rule312_aStartThatIsInterruptedLeavesTheVolumeAsItWasOrStarted() {
    ready();
    Content first = content();
    new EveryStep(scenario(), "start", name -> origin(name, first), Volume::start).dies();
  }
}
