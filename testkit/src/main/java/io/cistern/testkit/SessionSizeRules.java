package io.cistern.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.cistern.storage.BlockDevice;
import io.cistern.storage.Capability;
import io.cistern.storage.ResizeOption;
import io.cistern.storage.StopMode;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.Volume;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Rules 604 to 606: the size of what a VM writes to, and of what is made anew for it. */
abstract class SessionSizeRules extends SizeRules {
  @Test
  @Rule(604)
  void rule604_withoutTheFeatureAStartedVolumeDoesNotGrow() {
    ready();
    if (!can(Capability.ONLINE_RESIZE)) {
      Volume root = origin("root", content());
      await(root.start());
      assertRefused(Code.UNSUPPORTED, root, () -> root.resize(2 * SIZE));
      assertThat(sizeOf(root)).as(rule()).isEqualTo(SIZE);
    }
  }

  @Test
  @Rule(604)
  void rule604_theDeviceGrowsAtOnceAndTheCommittedContentAtTheStop() throws Exception {
    if (!can(Capability.ONLINE_RESIZE)) {
      return; // the test above holds that it is refused
    }
    ready();
    Content committed = content();
    Volume root = origin("root", committed);
    Content written = content();
    BlockDevice device = startAndWrite(root, written);
    long larger = rounded(2 * SIZE + 1);
    try (AutoCloseable vm = fixture().hold(device.path())) {
      assertThat(vm).isNotNull();
      await(root.resize(2 * SIZE + 1));
    }
    assertThat(await(root.blockDevice())).as(rule()).isEqualTo(device);
    assertDevice(root, written.resized(larger));
    assertThat(sizeOf(root)).as(rule()).isEqualTo(larger);
    if (can(Capability.EXPORT_WHILE_RUNNING)) {
      assertContent(root, committed);
    }
    await(root.stop());
    assertContent(root, written.resized(larger));
  }

  @Test
  @Rule(604)
  void rule604_aVolumeThatIsNotSavedGrowsToo() {
    if (!can(Capability.ONLINE_RESIZE)) {
      return;
    }
    ready();
    Volume root = origin("root", content());
    for (Volume volume : List.of(volatileVolume("swap"), snapshot("snap", root))) {
      Content written = content();
      startAndWrite(volume, written);
      await(volume.resize(2 * SIZE));
      assertDevice(volume, written.resized(2 * SIZE));
      assertThat(sizeOf(volume)).as(rule()).isEqualTo(2 * SIZE);
    }
    assertThat(sizeOf(root)).as(rule()).isEqualTo(SIZE);
  }

  @Test
  @Rule({604, 305})
  void rule604_aSessionThatGrewIsAsLargeAfterACrashAndGoneWithADiscard() {
    if (!can(Capability.ONLINE_RESIZE)) {
      return;
    }
    ready();
    Content committed = content();
    Volume root = origin("root", committed);
    Content written = content();
    startAndWrite(root, written);
    await(root.resize(2 * SIZE));
    scenario().crash();
    Volume again = scenario().again(root);
    await(again.start());
    assertDevice(again, written.resized(2 * SIZE));
    await(again.stop(StopMode.DISCARD));
    assertContent(again, committed);
    assertThat(sizeOf(again)).as(rule()).isEqualTo(SIZE);
  }

  @Test
  @Rule(604)
  void rule604_aStartedVolumeDoesNotShrink() {
    ready();
    Content written = content();
    Volume root = origin("root", content());
    startAndWrite(root, written);
    assertRefused(Code.VOLUME_IN_USE, root, () -> root.resize(SIZE / 2, ResizeOption.ALLOW_SHRINK));
    assertRefused(Code.INVALID_ARGUMENT, root, () -> root.resize(SIZE / 2));
    assertDevice(root, written);
  }

  @Test
  @Rule(605)
  void rule605_theNominalSizeOfAVolatileVolumeCountsAtItsNextStart() {
    ready();
    Volume scratch = volatileVolume("swap");
    await(scratch.resize(2 * SIZE + 1));
    await(scratch.start());
    assertDevice(scratch, Content.zeros(rounded(2 * SIZE + 1)));
    await(scratch.stop());
    await(scratch.resize(SIZE, ResizeOption.ALLOW_SHRINK));
    await(scratch.start());
    assertDevice(scratch, Content.zeros(SIZE));
  }

  @Test
  @Rule(605)
  void rule605_aStoppedSnapshotStartsAtTheSizeOfItsSourceAllTheSame() {
    ready();
    Content content = content();
    Volume root = origin("root", content);
    Volume snapshot = snapshot("snap", root);
    await(snapshot.resize(2 * SIZE));
    await(snapshot.start());
    assertDevice(snapshot, content);
    assertContent(root, content);
  }

  @Test
  @Rule(606)
  void rule606_whatAVmDiscardsIsFreeAfterTheCommit() throws Exception {
    if (!can(Capability.DISCARD)) {
      return; // a quality: without it the space is taken, and nothing else is different
    }
    PoolFixture.Discard discard = Abilities.need(fixture().discard(), "discard, as a guest does");
    ready();
    Content content = scenario().content(LARGE);
    Volume root = origin("root", scenario().content(LARGE));
    commit(root, content);
    OptionalLong before = await(root.usage()).used();
    BlockDevice device = await(root.start());
    discard.discard(device.path(), LARGE / 4, LARGE / 2);
    await(root.stop());
    OptionalLong after = await(root.usage()).used();
    Content rest = content.with(LARGE / 4, Content.zeros(LARGE / 2));
    assertContent(root, rest);
    Assumptions.assumeTrue(
        before.isPresent() && after.isPresent(), "skipped, a volume's space is not known");
    assertThat(before.getAsLong() - after.getAsLong())
        .as("%s: freed of %s, now %s", rule(), before, after)
        .isGreaterThanOrEqualTo(LARGE / 4);
  }
}
