package io.cistern.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cistern.storage.Pool;
import io.cistern.storage.RevisionId;
import io.cistern.storage.StorageException;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.Volume;
import io.cistern.storage.VolumeExport;
import io.cistern.storage.VolumeImport;
import io.cistern.storage.VolumeUpdate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Rules 108 and 111: how pools are closed and destroyed. */
abstract class PoolLifeRules extends PoolPlaceRules {
  @Test
  @Rule(108)
  void rule108_afterCloseEveryCallIsRefused() {
    ready();
    Volume volume = origin("root", content(), 1);
    Pool pool = pool();
    await(pool.close());
    for (Supplier<CompletableFuture<?>> call : calls(pool)) {
      assertRefused(Code.CLOSED, pool, call);
    }
    for (Supplier<CompletableFuture<?>> call : calls(volume)) {
      assertRefused(Code.CLOSED, volume, call);
    }
    assertRefusedAtOnce(Code.CLOSED, pool, () -> pool.volume(volume.config()));
    assertThat(scenario().storage().pool(pool.name())).as(rule()).isEmpty();
    scenario().close();
    assertFails(Code.CLOSED, pool, () -> scenario().storage().open(fixture().config()));
  }

  private static List<Supplier<CompletableFuture<?>>> calls(Pool pool) {
    return List.of(
        pool::setup,
        pool::destroy,
        pool::volumes,
        () -> pool.find("vm/root"),
        pool::usage,
        () -> pool.includedIn(List.of()),
        pool::info);
  }

  private List<Supplier<CompletableFuture<?>>> calls(Volume volume) {
    RevisionId revision = new RevisionId(1);
    List<Supplier<CompletableFuture<?>>> calls =
        new ArrayList<>(
            List.of(
                volume::create,
                volume::verify,
                volume::start,
                volume::stop,
                volume::remove,
                () -> volume.resize(2 * SIZE),
                volume::revert,
                () -> volume.revert(revision),
                volume::revisions,
                () -> volume.removeRevision(revision)));
    calls.addAll(
        List.of(
            () -> volume.importData(SIZE),
            () -> volume.importFrom(GatedChannel.open(Content.zeros(SIZE)), SIZE),
            () -> volume.importVolume(volume),
            volume::export,
            () -> volume.export(revision),
            volume::size,
            volume::usage,
            volume::isDirty,
            () -> volume.update(VolumeUpdate.rw(true)),
            volume::blockDevice,
            volume::state,
            volume::info));
    return calls;
  }

  @Test
  @Rule(108)
  void rule108_closingTwiceDoesNothingAndLeavesOtherPoolsOpen() {
    ready();
    Pool second = scenario().second();
    await(pool().close());
    await(pool().close());
    await(second.usage());
    assertThat(scenario().storage().pools()).as(rule()).containsExactly(second);
    scenario().close();
    scenario().close();
  }

  @Test
  @Rule(108)
  void rule108_closeLetsRunningOperationsEnd() {
    ready();
    Content content = content();
    Content imported = content();
    Volume committed = origin("committed");
    Volume copied = origin("copied");
    await(committed.create());
    startAndWrite(committed, content);
    GatedChannel channel = new GatedChannel(imported);
    CompletableFuture<Volume> copying = copied.importFrom(channel, SIZE);
    await(channel.reached());
    CompletableFuture<Volume> stopping = committed.stop();
    CompletableFuture<Void> closing = pool().close();
    assertFails(Code.CLOSED, committed, committed::start);
    await(stopping);
    assertThat(closing).as("%s: close waits for the import", rule()).isNotDone();
    channel.openGate();
    await(copying);
    await(closing);
    scenario().reopen();
    assertContent(scenario().again(committed), content);
    assertContent(scenario().again(copied), imported);
  }

  @Test
  @Rule({108, 503})
  void rule108_closeAbortsImportsAndClosesExports() {
    ready();
    Content content = content();
    Volume volume = origin("root", content);
    Map<String, String> before = fixture().snapshot();
    Set<String> objects = fixture().objects();
    VolumeImport handle = await(volume.importData(SIZE));
    VolumeExport export = await(volume.export());
    await(pool().close());
    assertThat(fixture().snapshot()).as(rule()).isEqualTo(before);
    assertThat(objects).as(rule()).containsAll(fixture().objects());
    assertFails(Code.CLOSED, volume, handle::commit);
    await(handle.closeAsync());
    export.close();
    scenario().reopen();
    assertContent(scenario().again(volume), content);
  }

  @Test
  @Rule(108)
  void rule108_sessionsOutliveTheClose() {
    ready();
    Volume volume = origin("root", content());
    Content written = content();
    startAndWrite(volume, written);
    await(pool().close());
    scenario().reopen();
    Volume again = scenario().again(volume);
    await(again.stop());
    assertContent(again, written);
  }

  @Test
  @Rule(111)
  void rule111_destroyIsRefusedWhileThereAreVolumes() {
    ready();
    Content content = content();
    Volume volume = origin("root", content);
    StorageException refusal = assertRefused(Code.VOLUME_EXISTS, pool(), () -> pool().destroy());
    assertThat(refusal).as(rule()).hasMessageContaining("vm/root");
    assertContent(volume, content);
    scenario().reopen();
    assertRefused(Code.VOLUME_EXISTS, pool(), () -> pool().destroy());
    assertContent(scenario().again(volume), content);
  }

  @Test
  @Rule({111, 508})
  void rule111_destroyIsRefusedWhileAnExportIsOpen() {
    ready();
    Content content = content();
    Volume volume = origin("root", content);
    VolumeExport export = await(volume.export());
    await(volume.remove());
    StorageException refusal = assertRefused(Code.VOLUME_IN_USE, pool(), () -> pool().destroy());
    assertThat(refusal).as(rule()).hasMessageContaining("vm/root");
    assertThat(images().at(export.path())).as(rule()).isEqualTo(content);
    await(export.closeAsync());
    await(pool().destroy());
  }

  @Test
  @Rule(111)
  void rule111_destroyUndoesSetupAndThePoolCanBeSetUpAgain() {
    Set<String> before = fixture().objects();
    ready();
    Volume volume = origin("root", content());
    await(volume.remove());
    await(pool().destroy());
    assertThat(fixture().objects()).as(rule()).isEqualTo(before);
    assertThat(await(pool().info()).isReady()).as(rule()).isFalse();
    ready();
    Content content = content();
    assertContent(origin("root", content), content);
  }

  @Test
  @Rule({111, 110})
  void rule111_destroyLeavesForeignObjectsAlone() throws Exception {
    ready();
    leaks().plantForeign("vm/root");
    await(pool().destroy());
    assertThat(fixture().isForeignIntact()).as(rule()).isTrue();
  }

  @Test
  @Rule(111)
  void rule111_closeForgetsAPoolAndDestroysNothing() {
    ready();
    Volume volume = origin("root", content());
    Map<String, String> before = fixture().snapshot();
    await(pool().close());
    assertThat(fixture().snapshot()).as(rule()).isEqualTo(before);
    assertThatThrownBy(() -> pool().volume(volume.config()))
        .as(rule())
        .isInstanceOf(StorageException.class);
  }
}
