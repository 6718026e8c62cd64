package io.cistern.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.cistern.storage.BlockDevice;
import io.cistern.storage.Capability;
import io.cistern.storage.StopMode;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.Volume;
import io.cistern.storage.VolumeConfig;
import io.cistern.storage.VolumeState;
import io.cistern.storage.VolumeUpdate;
import org.junit.jupiter.api.Test;

/** Rules 313 to 315: volumes that run in place, and disks that somebody holds. */
abstract class InPlaceRules extends RedeclaredRules {
  private Volume inPlace(Content content) {
    return inPlace(origin("root", content));
  }

  private Volume inPlace(Volume volume) {
    await(volume.update(VolumeUpdate.revisionsToKeep(-1)));
    return volume;
  }

  @Test
  @Rule(313)
  void rule313_inPlaceIsRefusedWhereItIsNotClaimed() {
    ready();
    Volume volume = origin("root", content());
    VolumeConfig config = VolumeConfig.origin("vm", "place").size(SIZE).revisionsToKeep(-1).build();
    if (can(Capability.IN_PLACE)) {
      assertThat(declare(config).config()).as(rule()).isEqualTo(config);
    } else {
      assertRefusedAtOnce(Code.UNSUPPORTED, pool(), () -> pool().volume(config));
      assertRefused(
          Code.UNSUPPORTED, volume, () -> volume.update(VolumeUpdate.revisionsToKeep(-1)));
    }
  }

  @Test
  @Rule(313)
  void rule313_inPlaceTheVmWritesTheOnlyCopy() {
    if (!can(Capability.IN_PLACE)) {
      return; // the test above holds that it is refused
    }
    ready();
    Content content = content();
    Volume volume = inPlace(content);
    int objects = fixture().objects().size();
    await(volume.start());
    assertDevice(volume, content);
    Content written = content();
    write(await(volume.blockDevice()), written);
    assertThat(await(volume.isDirty())).as(rule()).isTrue();
    await(volume.stop());
    assertContent(volume, written);
    assertThat(revisionIds(volume)).as(rule()).isEmpty();
    assertThat(fixture().objects()).as(rule()).hasSize(objects);
  }

  @Test
  @Rule({313, 205})
  void rule313_anotherDeclarationDoesNotRemoveTheOnlyCopy() {
    if (!can(Capability.IN_PLACE)) {
      return;
    }
    ready();
    assertIsNotRemovedByAnotherDeclaration(inPlace(content()));
  }

  @Test
  @Rule({313, 305})
  void rule313_anotherDeclarationDoesNotStartOverTheOnlyCopy() {
    if (!can(Capability.IN_PLACE)) {
      return;
    }
    ready();
    assertStartsBesideOrNotAtAll(
        inPlace(content()), VolumeConfig.volatileVolume("vm", "root").size(SIZE).build());
  }

  @Test
  @Rule(313)
  void rule313_whileItRunsInPlaceNobodyReadsItAndNothingIsDiscarded() {
    if (!can(Capability.IN_PLACE)) {
      return;
    }
    ready();
    Volume volume = inPlace(content());
    Volume snapshot = snapshot("snap", volume);
    Volume clone = origin("clone");
    startAndWrite(volume, content());
    assertRefused(Code.UNSUPPORTED, volume, () -> volume.stop(StopMode.DISCARD));
    assertRefused(Code.VOLUME_IN_USE, volume, volume::export);
    assertFails(Code.VOLUME_IN_USE, volume, () -> clone.importVolume(volume));
    assertFails(Code.VOLUME_IN_USE, volume, snapshot::start);
    assertRefused(Code.VOLUME_DIRTY, volume, () -> volume.update(VolumeUpdate.revisionsToKeep(0)));
    await(volume.stop());
    await(volume.update(VolumeUpdate.revisionsToKeep(0)));
    await(volume.start());
    assertRefused(Code.VOLUME_DIRTY, volume, () -> volume.update(VolumeUpdate.revisionsToKeep(-1)));
  }

  @Test
  @Rule({313, 305})
  void rule313_thatItWasStartedInPlaceIsKnownAfterACrash() {
    if (!can(Capability.IN_PLACE)) {
      return;
    }
    ready();
    Volume volume = inPlace(content());
    Content written = content();
    startAndWrite(volume, written);
    scenario().crash();
    Volume again = scenario().again(volume);
    assertThat(await(again.state())).as(rule()).isEqualTo(VolumeState.CRASHED);
    assertThat(await(again.isDirty())).as(rule()).isTrue();
    assertRefused(Code.VOLUME_IN_USE, again, again::export);
    await(again.start());
    assertDevice(again, written);
    await(again.stop());
    assertContent(again, written);
    scenario().reopen();
    assertThat(await(scenario().again(volume).state())).as(rule()).isEqualTo(VolumeState.STOPPED);
  }

  @Test
  @Rule({313, 901})
  void rule313_aStartInPlaceThatIsInterruptedHasBegunASessionOrNot() {
    if (!can(Capability.IN_PLACE)) {
      return;
    }
    ready();
    Content content = content();
    new EveryStep(
            scenario(), "start in place", name -> inPlace(origin(name, content)), Volume::start)
        .dies();
  }

  @Test
  @Rule({313, 901})
  void rule313_aStopInPlaceThatIsInterruptedHasEndedTheSessionOrNot() {
    if (!can(Capability.IN_PLACE)) {
      return;
    }
    ready();
    Content content = content();
    Content written = content();
    new EveryStep(
            scenario(),
            "stop in place",
            name -> {
              Volume volume = inPlace(origin(name, content));
              startAndWrite(volume, written);
              return volume;
            },
            Volume::stop)
        .dies();
  }

  @Test
  @Rule(314)
  void rule314_theStateIsStoppedStartedOrCrashed() {
    ready();
    Volume root = origin("root", content());
    assertThat(await(root.state())).as(rule()).isEqualTo(VolumeState.STOPPED);
    await(root.start());
    assertThat(await(root.state())).as(rule()).isEqualTo(VolumeState.STARTED);
    scenario().reopen();
    Volume again = scenario().again(root);
    assertThat(await(again.state())).as(rule()).isEqualTo(VolumeState.CRASHED);
    await(again.start());
    assertThat(await(again.state())).as(rule()).isEqualTo(VolumeState.STARTED);
    await(again.stop());
    assertThat(await(again.state())).as(rule()).isEqualTo(VolumeState.STOPPED);
    assertRefused(Code.VOLUME_NOT_FOUND, again, again::blockDevice);
  }

  @Test
  @Rule({314, 315})
  void rule314_aDiskThatIsHeldAfterAReopenBelongsToARunningVm() throws Exception {
    ready();
    Content committed = content();
    Volume root = origin("root", committed);
    Content written = content();
    BlockDevice device = startAndWrite(root, written);
    AutoCloseable holder = scenario().tool(fixture().hold(device.path()));
    scenario().reopen();
    Volume again = scenario().again(root);
    assertThat(await(again.state())).as(rule()).isEqualTo(VolumeState.STARTED);
    assertThat(await(again.blockDevice())).as(rule()).isEqualTo(device);
    assertRefused(Code.VOLUME_IN_USE, again, again::stop);
    assertRefused(Code.VOLUME_DIRTY, again, again::remove);
    assertThat(await(again.start())).as(rule()).isEqualTo(device);
    assertDevice(again, written);
    holder.close();
    await(again.stop());
    assertContent(again, written);
  }

  @Test
  @Rule(314)
  void rule314_aHeldDiskThatIsNotSavedIsNeitherSwappedNorRemoved() throws Exception {
    ready();
    Volume root = origin("root", content());
    assertHeldIsLeftAlone(volatileVolume("swap"));
    assertHeldIsLeftAlone(snapshot("snap", scenario().again(root)));
  }

  private void assertHeldIsLeftAlone(Volume volume) throws Exception {
    Content written = content();
    BlockDevice device = startAndWrite(volume, written);
    AutoCloseable holder = scenario().tool(fixture().hold(device.path()));
    scenario().reopen();
    Volume again = scenario().again(volume);
    assertThat(await(again.state())).as(rule()).isEqualTo(VolumeState.STARTED);
    assertRefused(Code.VOLUME_IN_USE, again, again::remove);
    assertRefused(Code.VOLUME_IN_USE, again, again::stop);
    assertThat(await(again.start())).as(rule()).isEqualTo(device);
    assertDevice(again, written);
    holder.close();
    await(again.stop());
    await(again.remove());
  }

  @Test
  @Rule(314)
  void rule314_whenNobodyHoldsItAnyMoreItHasCrashed() throws Exception {
    ready();
    Volume root = origin("root", content());
    BlockDevice device = startAndWrite(root, content());
    AutoCloseable holder = scenario().tool(fixture().hold(device.path()));
    scenario().reopen();
    Volume again = scenario().again(root);
    assertThat(await(again.state())).as(rule()).isEqualTo(VolumeState.STARTED);
    holder.close();
    assertThat(await(again.state())).as(rule()).isEqualTo(VolumeState.CRASHED);
  }

  @Test
  @Rule(315)
  void rule315_stopIsRefusedWhileAnythingHoldsTheDisk() throws Exception {
    ready();
    Volume root = origin("root", content());
    for (Volume volume : new Volume[] {root, volatileVolume("swap"), anySnapshot("snap", root)}) {
      Content written = content();
      BlockDevice device = startAndWrite(volume, written);
      try (AutoCloseable holder = fixture().hold(device.path())) {
        assertThat(holder).isNotNull();
        assertRefused(Code.VOLUME_IN_USE, volume, volume::stop);
        assertRefused(Code.VOLUME_IN_USE, volume, () -> volume.stop(StopMode.DISCARD));
        assertDevice(volume, written);
        assertThat(await(volume.state())).as(rule()).isEqualTo(VolumeState.STARTED);
      }
      await(volume.stop());
      if (volume.kind().saveOnStop()) {
        assertContent(volume, written);
      }
    }
  }
}
