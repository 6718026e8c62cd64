package io.cistern.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.cistern.storage.Capability;
import io.cistern.storage.ResizeOption;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.Volume;
import io.cistern.storage.VolumeConfig;
import io.cistern.storage.VolumeExport;
import io.cistern.storage.VolumeUpdate;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Rules 601 to 603: how large a volume is, and how that changes while it is stopped. */
abstract class SizeRules extends OvertakingRules {
  final long sizeOf(Volume volume) {
    return await(volume.size()).orElse(-1);
  }

  @Test
  @Rule(601)
  void rule601_theSizeIsThatOfTheImageThereIs() {
    ready();
    Volume root = origin("root");
    Volume snapshot =
        declare(VolumeConfig.snapshot("vm", "snap").source(root.id()).size(3 * SIZE).build());
    assertThat(sizeOf(root)).as("%s: nominal", rule()).isEqualTo(SIZE);
    assertThat(sizeOf(snapshot)).as("%s: nominal", rule()).isEqualTo(3 * SIZE);
    filled(root, content());
    assertThat(sizeOf(snapshot)).as("%s: of the source", rule()).isEqualTo(SIZE);
    await(snapshot.start());
    Content larger = content().resized(2 * SIZE);
    await(root.importFrom(GatedChannel.open(larger), 2 * SIZE));
    assertThat(sizeOf(root)).as("%s: committed", rule()).isEqualTo(2 * SIZE);
    assertThat(sizeOf(snapshot)).as("%s: its own", rule()).isEqualTo(SIZE);
    await(snapshot.stop());
    assertThat(sizeOf(snapshot)).as("%s: of the source", rule()).isEqualTo(2 * SIZE);
    assertThat(sizeOf(volatileVolume("swap"))).as("%s: nominal", rule()).isEqualTo(SIZE);
  }

  @Test
  @Rule(601)
  void rule601_aStaleConfigurationDoesNotMatter() {
    ready();
    Content content = content();
    Volume root = origin("root", content);
    scenario().reopen();
    Volume again = declare(root.config().toBuilder().size(5 * SIZE).build());
    assertThat(sizeOf(again)).as(rule()).isEqualTo(SIZE);
    await(again.start());
    assertDevice(again, content);
    assertThat(await(again.info()).size()).as(rule()).hasValue(SIZE);
  }

  @Test
  @Rule(601)
  void rule601_whatAnOperatorDidToAnImageCounts() throws Exception {
    PoolFixture.Truncation truncation =
        Abilities.need(fixture().truncation(), "truncate an image behind the driver's back");
    ready();
    Content content = content();
    Volume root = origin("root", content);
    truncation.truncate("vm/root", 2 * SIZE);
    assertThat(sizeOf(root)).as(rule()).isEqualTo(2 * SIZE);
    assertContent(root, content.resized(2 * SIZE));
    await(root.start());
    assertDevice(root, content.resized(2 * SIZE));
  }

  @Test
  @Rule(602)
  void rule602_aReadOnlyVolumeKeepsItsSize() {
    ready();
    Content content = content();
    Volume root = origin("root", content);
    await(root.update(VolumeUpdate.rw(false)));
    assertRefused(Code.READ_ONLY, root, () -> root.resize(2 * SIZE));
    assertContent(root, content);
  }

  @Test
  @Rule(602)
  void rule602_noVolumeShrinksUnlessToldTo() {
    ready();
    Volume root = origin("root", content());
    for (Volume volume : List.of(root, volatileVolume("swap"))) {
      assertRefused(Code.INVALID_ARGUMENT, volume, () -> volume.resize(SIZE / 2));
      for (long size : List.of(0L, -1L, Long.MIN_VALUE)) {
        assertRefused(Code.INVALID_ARGUMENT, volume, () -> volume.resize(size));
        assertRefused(
            Code.INVALID_ARGUMENT, volume, () -> volume.resize(size, ResizeOption.ALLOW_SHRINK));
      }
      assertThat(sizeOf(volume)).as(rule()).isEqualTo(SIZE);
    }
  }

  @Test
  @Rule(602)
  void rule602_withoutTheFeatureNoVolumeShrinksAtAll() {
    ready();
    if (!can(Capability.SHRINK)) {
      Volume root = origin("root", content());
      assertRefused(Code.UNSUPPORTED, root, () -> root.resize(SIZE / 2, ResizeOption.ALLOW_SHRINK));
    }
  }

  @Test
  @Rule(603)
  void rule603_aStoppedOriginGrowsByZeros() {
    ready();
    Content content = content();
    Volume root = origin("root", content, 1);
    List<Content> revisions = images().revisions(root);
    long larger = rounded(2 * SIZE + 1);
    assertThat(await(root.resize(2 * SIZE + 1))).as(rule()).isSameAs(root);
    assertContent(root, content.resized(larger));
    assertThat(sizeOf(root)).as(rule()).isEqualTo(larger);
    await(root.resize(2 * SIZE + 1));
    assertThat(images().revisions(root)).as(rule()).isEqualTo(revisions);
    scenario().crash();
    Volume again = scenario().again(root);
    assertContent(again, content.resized(larger));
    await(again.start());
    assertDevice(again, content.resized(larger));
  }

  @Test
  @Rule(603)
  void rule603_whatWasCutOffDoesNotComeBack() {
    if (!can(Capability.SHRINK)) {
      return; // the test above holds that it is refused
    }
    ready();
    Content content = content();
    Volume root = origin("root", content);
    long smaller = rounded(SIZE / 2 + 1);
    await(root.resize(SIZE / 2 + 1, ResizeOption.ALLOW_SHRINK));
    assertContent(root, content.resized(smaller));
    await(root.resize(SIZE));
    assertContent(root, content.resized(smaller).resized(SIZE));
    await(root.start());
    assertDevice(root, content.resized(smaller).resized(SIZE));
  }

  @Test
  @Rule(603)
  void rule603_revisionsExportsAndSnapshotsKeepContentAndSize() {
    ready();
    Content content = content();
    Volume root = origin("root", content, 1);
    List<Content> revisions = images().revisions(root);
    VolumeExport export = export(root);
    Volume snapshot = snapshot("snap", root);
    await(snapshot.start());
    await(root.resize(2 * SIZE));
    if (can(Capability.SHRINK)) {
      await(root.resize(SIZE / 2, ResizeOption.ALLOW_SHRINK));
    }
    images().assertPath("the export", export.path(), content);
    assertThat(export.size()).as(rule()).isEqualTo(SIZE);
    assertDevice(snapshot, content);
    assertThat(images().revisions(root)).as(rule()).isEqualTo(revisions);
  }

  @Test
  @Rule({603, 901})
  void rule603_anInterruptedResizeIsDoneOrNotBegun() {
    ready();
    Content content = content();
    new EveryStep(
            scenario(),
            "resize",
            name -> origin(name, content, 1),
            volume -> volume.resize(2 * SIZE))
        .dies();
  }

  @Test
  @Rule({603, 901})
  void rule603_anInterruptedShrinkIsDoneOrNotBegun() {
    if (!can(Capability.SHRINK)) {
      return;
    }
    ready();
    Content content = content();
    new EveryStep(
            scenario(),
            "shrink",
            name -> origin(name, content, 1),
            volume -> volume.resize(SIZE / 2, ResizeOption.ALLOW_SHRINK))
        .dies();
  }
}
