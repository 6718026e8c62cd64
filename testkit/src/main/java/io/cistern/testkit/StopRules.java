package io.cistern.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.cistern.storage.BlockDevice;
import io.cistern.storage.StopMode;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.Volume;
import io.cistern.storage.VolumeConfig;
import io.cistern.storage.VolumeState;
import java.io.IOException;
import java.nio.channels.NonWritableChannelException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Rules 307 to 311: how a session ends. */
abstract class StopRules extends StartRules {
  @Test
  @Rule(307)
  void rule307_stopCommits() {
    ready();
    Content first = content();
    Volume root = origin("root", first);
    Content second = content();
    startAndWrite(root, second);
    assertThat(await(root.stop())).as(rule()).isSameAs(root);
    assertContent(root, second);
    assertThat(await(root.state())).as(rule()).isEqualTo(VolumeState.STOPPED);
    scenario().crash();
    Volume again = scenario().again(root);
    assertContent(again, second);
    await(again.start());
    assertDevice(again, second);
  }

  @Test
  @Rule(307)
  void rule307_stopOfAnyOtherKindThanAnOriginLeavesTheSourceAlone() {
    ready();
    Content content = content();
    Volume root = origin("root", content);
    Volume saved = anySnapshot("saved", root);
    Content written = content();
    startAndWrite(saved, written);
    await(saved.stop());
    assertContent(root, content);
    if (saved.kind().saveOnStop()) {
      assertContent(saved, written);
    }
  }

  private EveryStep commits() {
    Content first = content();
    Content second = content();
    return new EveryStep(
        scenario(),
        "stop",
        name -> {
          Volume volume = origin(name, first, 2);
          startAndWrite(volume, second);
          return volume;
        },
        Volume::stop);
  }

  @Test
  @Rule({307, 401, 406, 901})
  void rule307_aStopThatIsInterruptedHasCommittedAllOrNothing() {
    ready();
    commits().dies();
  }

  @Test
  @Rule({307, 1001, 1003})
  void rule307_aStopThatFailsCostsNoRevisionAndCanBeRepeated() {
    ready();
    commits().failsAndIsRepeated();
  }

  @Test
  @Rule({307, 403, 901})
  void rule307_anInterruptedStopThatKeepsNothingHasCommittedAllOrNothing() {
    ready();
    Content first = content();
    Content second = content();
    new EveryStep(
            scenario(),
            "stop that keeps nothing",
            name -> {
              Volume volume = origin(name, first);
              startAndWrite(volume, second);
              return volume;
            },
            Volume::stop)
        .mayLeaveUnpruned()
        .dies();
  }

  @Test
  @Rule({307, 403, 901})
  void rule307_anInterruptedStopPrunesOnlyWhatAFinishedOneWould() {
    ready();
    Content first = content();
    Content second = content();
    Content third = content();
    new EveryStep(
            scenario(),
            "stop that prunes",
            name -> {
              Volume volume = origin(name, first, 1);
              commit(volume, second);
              startAndWrite(volume, third);
              return volume;
            },
            Volume::stop)
        .mayLeaveUnpruned()
        .dies();
  }

  @Test
  @Rule(308)
  void rule308_stopOfAVolumeThatIsNotStartedChangesNothing() {
    ready();
    Content content = content();
    Volume root = origin("root", content, 1);
    int revisions = revisionIds(root).size();
    List<Volume> volumes =
        List.of(root, volatileVolume("swap"), snapshot("snap", root), origin("missing"));
    Map<String, String> before = fixture().snapshot();
    for (Volume volume : volumes) {
      await(volume.stop());
      await(volume.stop(StopMode.DISCARD));
    }
    assertThat(fixture().snapshot()).as(rule()).isEqualTo(before);
    assertThat(revisionIds(root)).as(rule()).hasSize(revisions);
    assertContent(root, content);
  }

  @Test
  @Rule(309)
  void rule309_discardDropsTheSession() {
    ready();
    Content content = content();
    Volume root = origin("root", content, 2);
    List<Content> revisions = images().revisions(root);
    startAndWrite(root, content());
    await(root.stop(StopMode.DISCARD));
    assertContent(root, content);
    assertThat(images().revisions(root)).as(rule()).isEqualTo(revisions);
    assertThat(await(root.isDirty())).as(rule()).isFalse();
    startAndWrite(root, content());
    scenario().crash();
    Volume again = scenario().again(root);
    await(again.stop(StopMode.DISCARD));
    await(again.start());
    assertDevice(again, content);
  }

  @Test
  @Rule({309, 901})
  void rule309_aDiscardThatIsInterruptedHasDroppedAllOrNothing() {
    ready();
    Content first = content();
    Content second = content();
    new EveryStep(
            scenario(),
            "stop(DISCARD)",
            name -> {
              Volume volume = origin(name, first);
              startAndWrite(volume, second);
              return volume;
            },
            volume -> volume.stop(StopMode.DISCARD))
        .dies();
  }

  @Test
  @Rule({309, 1002})
  void rule309_discardRemoveAndQuestionsWorkInAFullPool() throws Exception {
    PoolFixture.Filling filling = Abilities.need(fixture().filling(), "fill the place");
    ready();
    Content content = content();
    Volume root = origin("root", content, 2);
    Volume other = origin("other", content());
    startAndWrite(root, content());
    try (AutoCloseable full = filling.fill()) {
      assertThat(full).isNotNull();
      await(root.info());
      await(pool().usage());
      await(pool().volumes());
      await(root.stop(StopMode.DISCARD));
      if (keep(1) > 0) {
        await(root.removeRevision(revisionIds(root).get(0)));
      }
      await(other.remove());
    }
    assertContent(root, content);
  }

  @Test
  @Rule(310)
  void rule310_aSessionWhoseContentIsGoneIsAnErrorAtStop() throws Exception {
    ready();
    Content content = content();
    Volume root = origin("root", content, 2);
    List<Content> revisions = images().revisions(root);
    startAndWrite(root, content());
    fixture().breakSession("vm/root");
    assertRefused(Code.IO, root, root::stop);
    assertRefused(Code.IO, root, root::stop);
    await(root.stop(StopMode.DISCARD));
    assertContent(root, content);
    assertThat(images().revisions(root)).as(rule()).isEqualTo(revisions);
    await(root.start());
    assertDevice(root, content);
  }

  @Test
  @Rule(311)
  void rule311_aReadOnlyOriginCommitsNothing() {
    ready();
    Content content = content();
    Volume root = origin("root", content, 2);
    List<Content> revisions = images().revisions(root);
    scenario().reopen();
    VolumeConfig config = root.config().toBuilder().rw(false).build();
    Volume readOnly = declare(config);
    BlockDevice device = await(readOnly.start());
    assertThat(device.rw()).as(rule()).isFalse();
    assertDevice(readOnly, content);
    writeIfPossible(device);
    await(readOnly.stop());
    assertContent(readOnly, content);
    assertThat(images().revisions(readOnly)).as(rule()).isEqualTo(revisions);
  }

  final void writeIfPossible(BlockDevice device) {
    try {
      fixture().write(device.path(), 0, content().bytes());
    } catch (IOException | NonWritableChannelException expected) {
      // A device that lets nobody write keeps the rule too.
    }
  }
}
