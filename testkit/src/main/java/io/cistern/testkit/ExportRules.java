package io.cistern.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.cistern.storage.Capability;
import io.cistern.storage.ResizeOption;
import io.cistern.storage.RevisionId;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.Volume;
import io.cistern.storage.VolumeConfig;
import io.cistern.storage.VolumeExport;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Rule 508: content that is read from outside. */
abstract class ExportRules extends CloneRules {
  @Test
  @Rule(508)
  void rule508_anExportGivesTheSameBytesWhateverHappensToTheVolume() {
    ready();
    Content content = content();
    Volume root = origin("root", content, 2);
    VolumeExport export = export(root);
    assertExport(export, content, "opened");
    commit(root, content());
    assertExport(export, content, "commit");
    if (can(Capability.REVERT) && keep(1) > 0) {
      await(root.revert());
      assertExport(export, content, "revert");
    }
    await(root.resize(2 * SIZE));
    assertExport(export, content, "resize");
    Content imported = content();
    await(root.importFrom(GatedChannel.open(imported), SIZE));
    assertExport(export, content, "import");
    startAndWrite(root, content());
    assertExport(export, content, "start");
    await(root.stop());
    export.close();
    export.close();
    await(export.closeAsync());
  }

  private void assertExport(VolumeExport export, Content content, String after) {
    assertThat(export.size()).as("%s: %s", rule(), after).isEqualTo(content.size());
    images().assertPath("an export after: " + after, export.path(), content);
  }

  @Test
  @Rule(508)
  void rule508_whatHappensToAnExportDoesNotChangeTheVolume() {
    ready();
    Content content = content();
    Volume root = origin("root", content, 1);
    List<Content> revisions = images().revisions(root);
    VolumeExport export = export(root);
    try {
      fixture().write(export.path(), 0, content().bytes());
    } catch (IOException | RuntimeException expected) {
      // An export that lets nobody write keeps the rule too.
    }
    assertContent(root, content);
    export.close();
    assertContent(root, content);
    assertThat(images().revisions(root)).as(rule()).isEqualTo(revisions);
  }

  @Test
  @Rule(508)
  void rule508_aRevisionCanBeExportedAndOutlivesItsRemoval() {
    ready();
    Content first = content();
    Volume root = origin("root", first, 1);
    commit(root, content());
    for (RevisionId id : revisionIds(root)) {
      VolumeExport export = export(root, id);
      assertExport(export, first, "opened");
      await(root.removeRevision(id));
      assertExport(export, first, "removal of the revision");
      commit(root, content());
      assertExport(export, first, "commit");
      export.close();
    }
    assertRefused(Code.NO_SUCH_REVISION, root, () -> root.export(new RevisionId(Long.MAX_VALUE)));
  }

  @Test
  @Rule(508)
  void rule508_severalExportsAreIndependent() {
    ready();
    Content first = content();
    Volume root = origin("root", first);
    VolumeExport one = export(root);
    VolumeExport two = export(root);
    Content second = content();
    commit(root, second);
    VolumeExport three = export(root);
    one.close();
    assertExport(two, first, "close of the first");
    assertExport(three, second, "close of the first");
    two.close();
    assertExport(three, second, "close of the second");
    three.close();
  }

  @Test
  @Rule(508)
  void rule508_whereNothingIsSavedThereIsNothingToExport() {
    ready();
    Volume root = origin("root", content());
    for (Volume volume : List.of(volatileVolume("swap"), snapshot("snap", root))) {
      assertRefused(Code.UNSUPPORTED, volume, volume::export);
      await(volume.start());
      assertRefused(Code.UNSUPPORTED, volume, volume::export);
    }
  }

  @Test
  @Rule(508)
  void rule508_ofAVolumeThatIsNotThereNothingIsExported() {
    ready();
    Volume missing = origin("missing");
    Volume alone = declare(VolumeConfig.origin("alone", "root").size(SIZE).build());
    for (Volume volume : List.of(missing, alone)) {
      assertRefused(Code.VOLUME_NOT_FOUND, volume, volume::export);
      assertRefused(Code.NO_SUCH_REVISION, volume, () -> volume.export(new RevisionId(1)));
    }
  }

  @Test
  @Rule(508)
  void rule508_aClosedExportLeavesNothing() {
    ready();
    Volume root = origin("root", content());
    Map<String, String> before = fixture().snapshot();
    export(root).close();
    assertThat(fixture().snapshot()).as(rule()).isEqualTo(before);
  }

  @Test
  @Rule({508, 904})
  void rule508_theExportOfADeadProcessStandsInNobodysWay() {
    ready();
    Content content = content();
    Volume root = origin("root", content);
    export(root);
    scenario().crashLeaving("an export");
    Volume again = scenario().again(root);
    assertThat(await(pool().volumes())).as(rule()).containsExactly(again);
    assertContent(again, content);
    await(again.resize(2 * SIZE, ResizeOption.ALLOW_SHRINK));
    await(again.remove());
  }
}
