package io.cistern.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.cistern.storage.BlockDevice;
import io.cistern.storage.StopMode;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.Volume;
import io.cistern.storage.VolumeConfig;
import io.cistern.storage.VolumeState;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Rules 205, 305, 307 and 311 where a volume is declared otherwise than when its session began. */
abstract class RedeclaredRules extends StopRules {
  @Test
  @Rule(307)
  void rule307_noStopDropsWhatWasWrittenToBeKept() {
    ready();
    Volume root = origin("root", content(), 2);
    VolumeConfig config = root.config();
    Content written = content();
    startAndWrite(root, written);
    scenario().crash();
    Volume readOnly = declare(config.toBuilder().rw(false).build());
    assertRefused(Code.VOLUME_DIRTY, readOnly, readOnly::stop);
    scenario().reopen();
    Volume again = declare(config);
    assertThat(await(again.state())).as(rule()).isEqualTo(VolumeState.CRASHED);
    await(again.stop());
    assertContent(again, written);
  }

  /**
   * A driver that has another place for the sessions of another kind may start that one beside it.
   */
  @Test
  @Rule(305)
  void rule305_noStartDropsWhatWasWrittenToAnOrigin() {
    ready();
    assertStartsBesideOrNotAtAll(VolumeConfig.volatileVolume("vm", "root").size(SIZE).build());
  }

  @Test
  @Rule(305)
  void rule305_noStartOfASnapshotDropsWhatWasWrittenToAnOrigin() {
    ready();
    Volume template = origin("template", content());
    assertStartsBesideOrNotAtAll(VolumeConfig.snapshot("vm", "root").source(template.id()).build());
  }

  /** A volume that keeps nothing is not another name under which to remove what is to be kept. */
  @Test
  @Rule(205)
  void rule205_anotherDeclarationDoesNotRemoveWhatIsToBeKept() {
    ready();
    assertIsNotRemovedByAnotherDeclaration(origin("root", content(), 2));
  }

  final void assertIsNotRemovedByAnotherDeclaration(Volume root) {
    VolumeConfig config = root.config();
    Content written = content();
    startAndWrite(root, written);
    scenario().crash();
    Volume transientOne = declare(VolumeConfig.volatileVolume("vm", "root").size(SIZE).build());
    assertRefused(Code.VOLUME_DIRTY, transientOne, transientOne::remove);
    scenario().reopen();
    Volume again = declare(config);
    await(again.stop());
    assertContent(again, written);
  }

  private void assertStartsBesideOrNotAtAll(VolumeConfig other) {
    assertStartsBesideOrNotAtAll(origin("root", content(), 2), other);
  }

  final void assertStartsBesideOrNotAtAll(Volume root, VolumeConfig other) {
    VolumeConfig config = root.config();
    Content written = content();
    startAndWrite(root, written);
    scenario().crash();
    Volume transientOne = declare(other);
    CompletableFuture<BlockDevice> start = transientOne.start();
    scenario().waiting().awaitEnd(start);
    if (start.isCompletedExceptionally()) {
      assertRefused(Code.VOLUME_DIRTY, transientOne, transientOne::start);
      assertRefused(Code.VOLUME_DIRTY, transientOne, transientOne::stop);
    } else {
      write(await(start), content());
      await(transientOne.stop());
    }
    scenario().reopen();
    Volume again = declare(config);
    await(again.stop());
    assertContent(again, written);
  }

  @Test
  @Rule(307)
  void rule307_aStartedVolumeIsNotDeclaredAsOneThatKeepsNothing() {
    ready();
    VolumeConfig config = origin("root", content()).config();
    scenario().reopen();
    Volume found = await(pool().find(config.vid())).orElseThrow();
    Content written = content();
    startAndWrite(found, written);
    VolumeConfig readOnly = config.toBuilder().rw(false).build();
    assertRefusedAtOnce(Code.VOLUME_DIRTY, pool(), () -> pool().volume(readOnly));
    await(found.stop());
    assertContent(found, written);
    assertThat(pool().volume(readOnly).config().rw()).as(rule()).isFalse();
  }

  @Test
  @Rule(311)
  void rule311_aSessionThatNobodyKeepsEndsSoAfterACrash() {
    ready();
    Content content = content();
    Volume root = origin("root", content, 2);
    VolumeConfig readOnly = root.config().toBuilder().rw(false).build();
    scenario().reopen();
    Volume begun = declare(readOnly);
    writeIfPossible(await(begun.start()));
    scenario().crash();
    Volume again = declare(readOnly);
    await(again.stop());
    assertThat(await(again.state())).as(rule()).isEqualTo(VolumeState.STOPPED);
    assertContent(again, content);
  }

  @Test
  @Rule(311)
  void rule311_aSessionThatNobodyKeepsIsNotGivenOutToBeWritten() {
    ready();
    Content content = content();
    Volume root = origin("root", content, 2);
    VolumeConfig config = root.config();
    scenario().reopen();
    writeIfPossible(await(declare(config.toBuilder().rw(false).build()).start()));
    scenario().crash();
    Volume writable = declare(config);
    BlockDevice device = await(writable.start());
    assertThat(device.rw()).as(rule()).isTrue();
    assertDevice(writable, content);
    Content written = content();
    write(device, written);
    await(writable.stop());
    assertContent(writable, written);
  }

  @Test
  @Rule(311)
  void rule311_aSessionThatNobodyKeepsIsDroppedWhateverIsDeclaredByThen() {
    ready();
    Content content = content();
    Volume root = origin("root", content, 2);
    VolumeConfig config = root.config();
    scenario().reopen();
    writeIfPossible(await(declare(config.toBuilder().rw(false).build()).start()));
    scenario().crash();
    Volume writable = declare(config);
    await(writable.stop(StopMode.COMMIT));
    assertContent(writable, content);
  }
}
