package io.cistern.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.cistern.storage.Capability;
import io.cistern.storage.StorageException;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.Volume;
import io.cistern.storage.VolumeConfig;
import io.cistern.storage.VolumeId;
import io.cistern.storage.VolumeImport;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Rules 201 and 202: which volumes can be declared, and how they are called. */
abstract class VolumeNameRules extends ListingRules {
  private static final List<String> SIMILAR =
      List.of(
          "root",
          "root2",
          "a",
          "a-root",
          "a/root",
          "a-root/x",
          "a/root-x",
          "a_root",
          "a--root",
          "A",
          "a/root/x",
          "a+root",
          "a.root",
          "a-snap",
          "a-1-back",
          "a@1");
  private static final int[] LENGTHS = {100, 200, 250, 256, 1000, 5000};

  @Test
  @Rule(201)
  void rule201_aSourceAndSnapOnStartGoTogether() {
    ready();
    VolumeId source = origin("root").id();
    assertRefusedAtOnce(
        Code.INVALID_ARGUMENT, "vm/a", () -> VolumeConfig.snapshot("vm", "a").build());
    assertRefusedAtOnce(
        Code.INVALID_ARGUMENT, "vm/a", () -> VolumeConfig.origin("vm", "a").source(source).build());
    assertRefusedAtOnce(
        Code.INVALID_ARGUMENT,
        "vm/a",
        () -> VolumeConfig.volatileVolume("vm", "a").size(SIZE).source(source).build());
  }

  @Test
  @Rule(201)
  void rule201_theSourceIsAnotherVolumeOfTheSamePool() {
    ready();
    VolumeId elsewhere = new VolumeId(scenario().second().name(), "vm/root");
    VolumeId itself = new VolumeId(pool().name(), "vm/a");
    VolumeId scratch = volatileVolume("swap").id();
    for (VolumeId source : List.of(elsewhere, itself, scratch)) {
      VolumeConfig config = VolumeConfig.snapshot("vm", "a").source(source).build();
      assertRefusedAtOnce(Code.INVALID_ARGUMENT, pool(), () -> pool().volume(config));
    }
    assertThat(await(pool().find("vm/a"))).as(rule()).isEmpty();
  }

  @Test
  @Rule({201, 302})
  void rule201_anOriginSnapshotNeedsTheFeatureSnapAndSave() {
    ready();
    VolumeConfig config =
        VolumeConfig.originSnapshot("vm", "a").source(origin("root").id()).build();
    if (can(Capability.SNAP_AND_SAVE)) {
      assertThat(declare(config).config()).as(rule()).isEqualTo(config);
    } else {
      assertRefusedAtOnce(Code.UNSUPPORTED, pool(), () -> pool().volume(config));
    }
  }

  @Test
  @Rule(202)
  void rule202_namesThatNoDriverCanHoldAreRefused() {
    ready();
    for (String vid :
        List.of(
            "",
            "/vm/a",
            "..",
            "../a",
            "vm/..",
            "vm/../a",
            "vm/a\0b",
            "vm/a\nb",
            "-a",
            "vm/-a",
            ".a",
            "vm/.a",
            ".",
            "vm/./a",
            "vm//a",
            "vm/",
            "vm/a\u001b")) {
      assertRefusedAtOnce(Code.INVALID_ARGUMENT, "", () -> declareVid(vid));
    }
    assertThat(await(pool().volumes())).as(rule()).isEmpty();
  }

  @Test
  @Rule(202)
  void rule202_namesThatReadLikeOthersOfTheDriverAreRefused() {
    ready();
    for (String vid : fixture().reservedVids()) {
      assertRefusedAtOnce(Code.INVALID_ARGUMENT, vid, () -> declareVid(vid));
    }
    assertThat(await(pool().volumes())).as(rule()).isEmpty();
  }

  @Test
  @Rule(202)
  void rule202_aNameIsHeldOrRefusedWithTheLimit() {
    ready();
    for (int length : LENGTHS) {
      String vid = "vm/" + "x".repeat(length);
      Optional<Volume> volume = declaredOrRefused(vid, true);
      volume.ifPresent(
          held -> {
            await(held.create());
            assertContent(held, Content.zeros(SIZE));
            await(held.start());
            await(held.stop());
            await(held.remove());
          });
      assertThat(await(pool().find(vid))).as("%s: length %d", rule(), length).isEmpty();
    }
  }

  @Test
  @Rule(202)
  void rule202_volumesWithSimilarNamesNeverTouchEachOthersObjects() {
    ready();
    Map<Volume, Content> volumes = new LinkedHashMap<>();
    for (String vid : SIMILAR) {
      declaredOrRefused(vid, false)
          .ifPresent(
              volume -> {
                Content content = content();
                filled(volume, content);
                volumes.put(volume, content);
              });
    }
    // Each begins with a look at what those before it have left of it.
    volumes.forEach(this::live);
    assertThat(await(pool().volumes())).as(rule()).isEmpty();
  }

  /** Goes through everything that makes or removes objects; in the end the volume is gone. */
  private void live(Volume volume, Content content) {
    assertContent(volume, content);
    commit(volume, content());
    try (VolumeImport handle = importInto(volume, SIZE)) {
      await(handle.commit());
    }
    export(volume).close();
    await(volume.start());
    await(volume.stop());
    await(volume.remove());
  }

  private Volume declareVid(String vid) {
    return declare(
        VolumeConfig.builder(vid).saveOnStop(true).size(SIZE).revisionsToKeep(keep(1)).build());
  }

  private Optional<Volume> declaredOrRefused(String vid, boolean limit) {
    try {
      return Optional.of(declareVid(vid));
    } catch (StorageException e) {
      assertThat(e.code()).as("%s: %s", rule(), vid).isEqualTo(Code.INVALID_ARGUMENT);
      assertThat(vid)
          .as("%s: the names of the rule itself", rule())
          .isNotIn("root", "root2", "a", "a-root");
      if (limit) {
        String message = String.valueOf(e.getMessage()).replace(vid, "");
        assertThat(message).as("%s: the limit", rule()).matches("(?s).*\\d.*");
      }
      return Optional.empty();
    }
  }
}
