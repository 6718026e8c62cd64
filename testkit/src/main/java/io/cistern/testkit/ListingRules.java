package io.cistern.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.cistern.storage.Capability;
import io.cistern.storage.ResizeOption;
import io.cistern.storage.Volume;
import io.cistern.storage.VolumeConfig;
import io.cistern.storage.VolumeId;
import io.cistern.storage.VolumeImport;
import io.cistern.storage.VolumeKind;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** Rules 109 and 110: what is a volume of the pool, and what is not. */
abstract class ListingRules extends PoolInterruptionRules {
  private List<String> listed() {
    return await(pool().volumes()).stream().map(Volume::id).map(VolumeId::vid).toList();
  }

  @Test
  @Rule(109)
  void rule109_volumesListsWhatIsOnDiskOrDeclaredAndNothingElse() {
    ready();
    Volume root = origin("root", content(), 2);
    commit(root, content());
    await(snapshot("snap", root).start());
    await(volatileVolume("swap").start());
    export(root);
    await(origin("b").create());
    VolumeImport handle = importInto(origin("a"), SIZE);
    if (can(Capability.EXPORT_WHILE_RUNNING)) {
      await(root.start());
    }
    assertThat(listed())
        .as(rule())
        .containsExactly("vm/a", "vm/b", "vm/root", "vm/snap", "vm/swap");
    await(handle.abort());
    scenario().crash();
    assertThat(listed()).as("%s: not declared", rule()).containsExactly("vm/b", "vm/root");
  }

  @Test
  @Rule(109)
  void rule109_whatIsNotDeclaredIsAnOriginOfItsSizeOnDisk() {
    ready();
    Content content = content().resized(3 * SIZE);
    origin("root", content);
    scenario().reopen();
    Volume found = await(pool().volumes()).get(0);
    assertThat(found.kind()).as(rule()).isEqualTo(VolumeKind.ORIGIN);
    assertThat(found.config().size()).as(rule()).isEqualTo(OptionalLong.of(3 * SIZE));
    assertThat(await(pool().find(found.id()))).as(rule()).contains(found);
    assertContent(found, content);
    VolumeConfig other = VolumeConfig.origin("vm", "root").rw(false).build();
    assertThat(declare(other).config()).as("%s: declared later", rule()).isEqualTo(other);
  }

  @Test
  @Rule(109)
  void rule109_noVolumeIsInvented() {
    ready();
    origin("root", content());
    Map<String, String> before = fixture().snapshot();
    for (String vid : List.of("vm/none", "vm/roo", "vm/root2", "vm", "root")) {
      assertThat(await(pool().find(vid))).as("%s: %s", rule(), vid).isEmpty();
    }
    VolumeId elsewhere = new VolumeId("elsewhere", "vm/root");
    assertThat(await(pool().find(elsewhere))).as(rule()).isEmpty();
    assertThat(listed()).as(rule()).containsExactly("vm/root");
    assertThat(fixture().snapshot()).as(rule()).isEqualTo(before);
    assertThat(await(pool().info()).volumes()).as(rule()).isEqualTo(1);
  }

  @Test
  @Rule(109)
  void rule109_aRemovedVolumeIsNeitherListedNorFound() {
    ready();
    Volume root = origin("root", content());
    await(root.remove());
    assertThat(listed()).as(rule()).isEmpty();
    assertThat(await(pool().find("vm/root"))).as(rule()).isEmpty();
  }

  @Test
  @Rule({110, 406})
  void rule110_foreignObjectsAreNeverListedTouchedOrInTheWay() throws Exception {
    ready();
    Content first = content();
    Volume root = origin("root", first, 2);
    int revisions = revisionIds(root).size();
    leaks().plantForeign("vm/root");
    leaks().plantForeign("vm/other");
    assertThat(listed()).as(rule()).containsExactly("vm/root");
    assertThat(revisionIds(root)).as("%s: no foreign revision", rule()).hasSize(revisions);
    Content second = content();
    commit(root, second);
    await(snapshot("snap", root).start());
    await(root.resize(2 * SIZE, ResizeOption.ALLOW_SHRINK));
    try (VolumeImport handle = importInto(root, SIZE)) {
      assertThat(handle.size()).isEqualTo(SIZE);
    }
    if (can(Capability.REVERT) && keep(1) > 0) {
      await(root.revert());
    }
    assertThat(fixture().isForeignIntact()).as("%s: after use", rule()).isTrue();
    scenario().reopen();
    assertThat(listed()).as(rule()).containsExactly("vm/root");
    await(scenario().again(root).remove());
    assertThat(listed()).as(rule()).isEmpty();
    assertThat(fixture().isForeignIntact()).as("%s: after the removal", rule()).isTrue();
  }
}
