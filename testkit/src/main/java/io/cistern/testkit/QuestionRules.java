package io.cistern.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.cistern.storage.BlockDevice;
import io.cistern.storage.Capability;
import io.cistern.storage.StopMode;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.Volume;
import io.cistern.storage.VolumeInfo;
import io.cistern.storage.VolumeUsage;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Rules 701 to 704: what can be asked of a volume. */
abstract class QuestionRules extends SessionSizeRules {
  @Test
  @Rule(701)
  void rule701_aVolumeIsDirtyFromItsStartToItsStop() {
    ready();
    Volume root = origin("root", content());
    assertThat(await(root.isDirty())).as(rule()).isFalse();
    await(root.start());
    assertThat(await(root.isDirty())).as("%s: though nothing is written", rule()).isTrue();
    scenario().crash();
    Volume found = await(pool().find("vm/root")).orElseThrow();
    assertThat(await(found.isDirty())).as("%s: not declared", rule()).isTrue();
    Volume crashed = scenario().again(root);
    assertThat(await(crashed.isDirty())).as("%s: crashed", rule()).isTrue();
    await(crashed.start());
    assertThat(await(crashed.isDirty())).as("%s: continued", rule()).isTrue();
    await(crashed.stop());
    assertThat(await(crashed.isDirty())).as("%s: stopped", rule()).isFalse();
    await(crashed.start());
    await(crashed.stop(StopMode.DISCARD));
    assertThat(await(crashed.isDirty())).as("%s: discarded", rule()).isFalse();
  }

  @Test
  @Rule(701)
  void rule701_whatIsNotSavedIsNeverDirty() {
    ready();
    Volume root = origin("root", content());
    for (Volume volume : List.of(volatileVolume("swap"), snapshot("snap", root))) {
      startAndWrite(volume, content());
      assertThat(await(volume.isDirty())).as(rule()).isFalse();
      assertThat(await(volume.info()).isDirty()).as(rule()).isFalse();
    }
    assertThat(await(root.isDirty())).as("%s: the source", rule()).isFalse();
  }

  @Test
  @Rule(702)
  void rule702_withoutTheFeatureIsOutdatedIsRefused() {
    ready();
    if (!can(Capability.OUTDATED_CHECK)) {
      Volume snapshot = snapshot("snap", origin("root", content()));
      assertRefused(Code.UNSUPPORTED, snapshot, snapshot::isOutdated);
      assertThat(await(snapshot.info()).isOutdated()).as(rule()).isEmpty();
    }
  }

  /** The clock stands still through all of this, so time tells nothing. */
  @Test
  @Rule(702)
  void rule702_aStartedSnapshotIsOutdatedOnceItsSourceHasOtherContent() {
    if (!can(Capability.OUTDATED_CHECK)) {
      return; // the test above holds that it is refused
    }
    ready();
    Volume root = origin("root", content(), 1);
    Volume snapshot = snapshot("snap", root);
    assertOutdatedAfter(snapshot, root, source -> commit(source, content()));
    assertOutdatedAfter(snapshot, root, source -> await(source.resize(2 * SIZE)));
    assertOutdatedAfter(
        snapshot, root, source -> await(source.importFrom(GatedChannel.open(content()), SIZE)));
    if (can(Capability.REVERT) && keep(1) > 0) {
      assertOutdatedAfter(snapshot, root, source -> await(source.revert()));
    }
    Content same = images().committed(root);
    assertOutdatedAfter(snapshot, root, source -> commit(source, same));
  }

  private void assertOutdatedAfter(Volume snapshot, Volume root, Consumer<Volume> change) {
    await(snapshot.start());
    assertThat(await(snapshot.isOutdated())).as("%s: just started", rule()).isFalse();
    change.accept(root);
    assertThat(await(snapshot.isOutdated())).as("%s: after a change", rule()).isTrue();
    assertThat(await(snapshot.info()).isOutdated()).as(rule()).contains(true);
    await(snapshot.stop());
    assertThat(await(snapshot.isOutdated())).as("%s: stopped", rule()).isFalse();
  }

  @Test
  @Rule(702)
  void rule702_startingAndDiscardingTheSourceIsNoChange() {
    if (!can(Capability.OUTDATED_CHECK)) {
      return;
    }
    ready();
    Volume root = origin("root", content());
    Volume snapshot = snapshot("snap", root);
    await(snapshot.start());
    startAndWrite(root, content());
    assertThat(await(snapshot.isOutdated())).as("%s: source started", rule()).isFalse();
    await(root.stop(StopMode.DISCARD));
    assertThat(await(snapshot.isOutdated())).as("%s: source discarded", rule()).isFalse();
    importInto(root, SIZE).close();
    assertThat(await(snapshot.isOutdated())).as("%s: import aborted", rule()).isFalse();
    assertThat(await(root.isOutdated())).as("%s: an origin", rule()).isFalse();
  }

  @Test
  @Rule({702, 314})
  void rule702_whetherARunningVmIsOutdatedIsKnownAfterAReopen() throws Exception {
    if (!can(Capability.OUTDATED_CHECK)) {
      return;
    }
    ready();
    Volume root = origin("root", content());
    Volume snapshot = snapshot("snap", root);
    BlockDevice device = await(snapshot.start());
    try (AutoCloseable vm = fixture().hold(device.path())) {
      assertThat(vm).isNotNull();
      scenario().reopen();
      assertThat(await(scenario().again(snapshot).isOutdated())).as(rule()).isFalse();
      commit(scenario().again(root), content());
      assertThat(await(scenario().again(snapshot).isOutdated())).as(rule()).isTrue();
      scenario().reopen();
      assertThat(await(scenario().again(snapshot).isOutdated())).as(rule()).isTrue();
    }
  }

  @Test
  @Rule(703)
  void rule703_theUsageCountsTheVolumesOwnImage() {
    ready();
    Volume root = origin("root", scenario().content(LARGE));
    Volume sparse = origin("sparse", content().resized(LARGE));
    assertUsage(root, LARGE / 2);
    assertUsage(sparse, SIZE / 2);
    startAndWrite(root, scenario().content(LARGE));
    assertUsage(root, 0);
    await(root.stop());
    assertUsage(root, LARGE / 2);
    assertUsage(volatileVolume("swap"), 0);
  }

  private void assertUsage(Volume volume, long atLeast) {
    VolumeUsage usage = await(volume.usage());
    if (usage.used().isPresent()) {
      assertThat(usage.used().getAsLong()).as(rule()).isGreaterThanOrEqualTo(atLeast);
      assertThat(usage.exclusive().orElse(0))
          .as("%s: exclusive, of %s", rule(), usage)
          .isBetween(0L, usage.used().getAsLong());
    }
    assertThat(usage.revisions().orElse(0)).as(rule()).isNotNegative();
    assertThat(await(volume.info()).usage()).as(rule()).isNotNull();
  }

  @Test
  @Rule(704)
  void rule704_questionsDoNotWaitForACopy() {
    ready();
    Content content = content();
    Volume root = origin("root", content);
    GatedChannel channel = new GatedChannel(content());
    CompletableFuture<Volume> copying = root.importFrom(channel, SIZE);
    await(channel.reached());
    VolumeInfo info = await(root.info());
    assertThat(info.isImporting()).as(rule()).isTrue();
    await(root.state());
    await(root.size());
    await(root.usage());
    await(root.revisions());
    await(root.isDirty());
    await(pool().usage());
    await(pool().volumes());
    await(pool().info());
    assertContent(root, content);
    assertThat(copying).as("%s: the copy still waits", rule()).isNotDone();
    channel.openGate();
    await(copying);
  }
}
