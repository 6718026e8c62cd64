package io.cistern.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.cistern.storage.StorageException;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.Volume;
import io.cistern.storage.VolumeConfig;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** Rules 203 and 204: how volumes are created and verified. */
abstract class CreationRules extends VolumeNameRules {
  @Test
  @Rule(203)
  void rule203_createMakesAnOriginThatReadsAsZerosOfItsRoundedSize() {
    ready();
    long granule = fixture().granule();
    for (long size : List.of(1L, granule - 1, granule, granule + 1, 100_001L, SIZE)) {
      if (size > 0) {
        long rounded = rounded(size);
        Volume volume = declare(VolumeConfig.origin("vm", "s" + size).size(size).build());
        await(volume.create());
        assertThat(await(volume.size())).as(rule()).isEqualTo(OptionalLong.of(rounded));
        assertContent(volume, Content.zeros(rounded));
        assertThat(revisionIds(volume)).as(rule()).isEmpty();
      }
    }
  }

  @Test
  @Rule(203)
  void rule203_createOfAnExistingVolumeIsRefused() {
    ready();
    Content content = content();
    Volume volume = origin("root", content, 2);
    List<Content> revisions = images().revisions(volume);
    assertRefused(Code.VOLUME_EXISTS, volume, volume::create);
    scenario().reopen();
    Volume again = scenario().again(volume);
    assertRefused(Code.VOLUME_EXISTS, again, again::create);
    assertContent(again, content);
    assertThat(images().revisions(again)).as(rule()).isEqualTo(revisions);
    startAndWrite(again, content());
    assertRefused(Code.VOLUME_EXISTS, again, again::create);
    scenario().reopen();
    Volume crashed = scenario().again(volume);
    assertRefused(Code.VOLUME_EXISTS, crashed, crashed::create);
  }

  @Test
  @Rule(203)
  void rule203_createNeedsASize() {
    ready();
    Volume volume = declare(VolumeConfig.origin("vm", "root").build());
    assertRefused(Code.INVALID_ARGUMENT, volume, volume::create);
  }

  @Test
  @Rule(203)
  void rule203_whereAStartMakesTheImageCreateHasNothingToDo() {
    ready();
    Volume root = origin("root", content());
    Map<String, String> before = fixture().snapshot();
    await(volatileVolume("swap").create());
    await(snapshot("snap", root).create());
    assertThat(fixture().snapshot()).as(rule()).isEqualTo(before);
  }

  @Test
  @Rule({203, 901})
  void rule203_whatAnInterruptedCreateLeftIsNotAVolume() {
    ready();
    new EveryStep(scenario(), "create", this::origin, Volume::create).dies();
  }

  @Test
  @Rule(204)
  void rule204_verifyTellsWhetherAVolumeCouldStart() {
    ready();
    Volume volume = origin("root");
    assertRefused(Code.VOLUME_NOT_FOUND, volume, volume::verify);
    filled(volume, content());
    Volume scratch = volatileVolume("swap");
    Volume snapshot = snapshot("snap", volume);
    // The source comes last: not every driver makes a snapshot of one that runs.
    for (Volume each : List.of(scratch, snapshot, volume)) {
      await(each.verify());
      await(each.start());
      await(each.verify());
    }
    Map<String, String> before = fixture().snapshot();
    scenario().reopen();
    for (Volume each : List.of(volume, scratch, snapshot)) {
      await(scenario().again(each).verify());
    }
    assertThat(fixture().snapshot()).as("%s: it changes nothing", rule()).isEqualTo(before);
  }

  @Test
  @Rule(204)
  void rule204_verifyNamesWhatIsMissing() throws Exception {
    ready();
    Volume volume = origin("root", content());
    Volume snapshot = snapshot("snap", volume);
    fixture().breakImage("vm/root");
    assertRefused(Code.VOLUME_NOT_FOUND, volume, volume::verify);
    StorageException refusal = assertRefused(Code.VOLUME_NOT_FOUND, snapshot, snapshot::verify);
    assertThat(refusal).as(rule()).hasMessageContaining(volume.id().toString());
  }
}
