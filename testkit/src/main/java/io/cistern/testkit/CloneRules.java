package io.cistern.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.cistern.storage.Capability;
import io.cistern.storage.Pool;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.Transfer;
import io.cistern.storage.Volume;
import io.cistern.storage.VolumeConfig;
import io.cistern.storage.VolumeUpdate;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Rules 506 and 507: content that comes from another volume. */
abstract class CloneRules extends CopyRules {
  @Test
  @Rule({506, 401})
  void rule506_aCloneHasTheCommittedContentOfItsSource() {
    ready();
    Content content = content().resized(2 * SIZE);
    Volume source = origin("source", content, 1);
    List<Content> revisions = images().revisions(source);
    Content replaced = content();
    Volume clone = origin("clone", replaced, 1);
    assertThat(await(clone.importVolume(source))).isSameAs(clone);
    assertContent(clone, content);
    assertThat(await(clone.size())).as(rule()).hasValue(2 * SIZE);
    assertRevisions(clone, last(keep(1), List.of(replaced)));
    commit(clone, content());
    assertContent(source, content);
    assertThat(images().revisions(source)).as(rule()).isEqualTo(revisions);
    Content cloned = images().committed(clone);
    commit(source, content());
    await(source.remove());
    assertContent(clone, cloned);
  }

  @Test
  @Rule(506)
  void rule506_aCloneMayComeFromAnotherPool() {
    ready();
    Pool second = scenario().second();
    Content content = content();
    Volume source = origin("source", content);
    Volume clone = scenario().declare(second, VolumeConfig.origin("vm", "clone").build());
    await(clone.importVolume(source));
    assertContent(clone, content);
    Volume back = origin("back");
    await(back.importVolume(clone));
    assertContent(back, content);
    await(source.remove());
    scenario().reopen();
    assertContent(scenario().again(clone), content);
  }

  /** Among what is done to the source is what makes a driver want to remove what is being read. */
  @Test
  @Rule({506, 403, 404})
  void rule506_aCloneEndsWhateverIsDoneToItsSource() {
    Assumptions.assumeTrue(can(Capability.REVERT), "skipped, the driver does not claim REVERT");
    ready();
    Content content = content();
    Volume source = origin("source", content);
    await(source.update(VolumeUpdate.revisionsToKeep(1)));
    Volume clone =
        scenario().declare(scenario().second(), VolumeConfig.origin("vm", "clone").build());
    CompletableFuture<Boolean> reading = new CompletableFuture<>();
    CompletableFuture<Boolean> goOn = new CompletableFuture<>();
    CompletableFuture<Volume> cloning =
        clone.importVolume(
            source,
            Transfer.withProgress(
                (done, total) -> {
                  reading.complete(true);
                  goOn.join();
                }));
    try {
      await(CompletableFuture.anyOf(reading, cloning));
      changeAndRemake(source);
    } finally {
      goOn.complete(true);
    }
    await(cloning);
    assertContent(clone, content);
  }

  private void changeAndRemake(Volume source) {
    Content second = content();
    Content third = content();
    commit(source, second);
    commit(source, third);
    await(source.revert());
    await(source.resize(2 * SIZE));
    assertRevisions(source, third);
    await(source.removeRevision(revisionIds(source).get(0)));
    assertContent(source, second.resized(2 * SIZE));
    await(source.remove());
    await(source.create());
  }

  @Test
  @Rule(506)
  void rule506_aSourceWithoutCommittedContentIsRefused() {
    ready();
    Content content = content();
    Volume root = origin("root", content);
    assertRefused(Code.UNSUPPORTED, "vm/swap", () -> root.importVolume(volatileVolume("swap")));
    Volume snapshot = snapshot("snap", root);
    Volume clone = origin("clone", content);
    assertRefused(Code.UNSUPPORTED, snapshot, () -> clone.importVolume(snapshot));
    Volume missing = origin("missing");
    assertRefused(Code.VOLUME_NOT_FOUND, missing, () -> root.importVolume(missing));
    assertContent(root, content);
    await(root.start());
  }

  @Test
  @Rule(506)
  void rule506_anOriginSnapshotGivesAndTakesItsCommittedContent() {
    if (!can(Capability.SNAP_AND_SAVE)) {
      return; // rule201_anOriginSnapshotNeedsTheFeatureSnapAndSave holds that it is refused
    }
    ready();
    Volume root = origin("root", content());
    Volume saved = originSnapshot("saved", root);
    Content content = content();
    commit(saved, content);
    Volume clone = origin("clone");
    await(clone.importVolume(saved));
    assertContent(clone, content);
  }

  @Test
  @Rule(506)
  void rule506_aCloneKeepsTheHolesOfItsSource() {
    ready();
    Pool second = scenario().second();
    Volume source = declare(VolumeConfig.origin("vm", "source").size(LARGE).build());
    filled(source, content());
    Volume clone = scenario().declare(second, VolumeConfig.origin("vm", "clone").build());
    await(clone.importVolume(source));
    assertContent(clone, images().committed(source));
    var used = await(source.usage()).used();
    if (used.isPresent() && used.getAsLong() < LARGE / 2) {
      assertThat(await(clone.usage()).used().orElse(0)).as(rule()).isLessThan(LARGE / 2);
    }
  }

  @Test
  @Rule(507)
  void rule507_aCancelledCloneLeavesTheDestinationAsItWas() {
    ready();
    Pool second = scenario().second();
    Content content = content();
    Volume source = origin("source", scenario().content(LARGE));
    Volume clone =
        scenario().declare(second, VolumeConfig.origin("vm", "clone").size(SIZE).build());
    filled(clone, content);
    CompletableFuture<CompletableFuture<Volume>> begun = new CompletableFuture<>();
    Transfer transfer = Transfer.withProgress((done, total) -> begun.join().cancel(true));
    CompletableFuture<Volume> copying = clone.importVolume(source, transfer);
    begun.complete(copying);
    scenario().waiting().awaitEnd(copying);
    await(clone.stop());
    if (copying.isCancelled()) {
      assertContent(clone, content);
    } else {
      assertContent(clone, images().committed(source));
    }
  }

  @Test
  @Rule({507, 1001})
  void rule507_aCloneThatFailsAtAnyStepLeavesTheDestinationAsItWas() {
    ready();
    clones().failsWithoutChange();
  }

  @Test
  @Rule({507, 901})
  void rule507_anInterruptedCloneIsDoneOrNotBegun() {
    ready();
    clones().dies();
  }

  private EveryStep clones() {
    Content first = content();
    Content second = content();
    Volume source = origin("source", second);
    return new EveryStep(
        scenario(),
        "importVolume",
        name -> origin(name, first, 2),
        volume -> volume.importVolume(scenario().again(source)));
  }
}
