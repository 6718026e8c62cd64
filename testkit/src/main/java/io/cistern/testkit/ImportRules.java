package io.cistern.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.cistern.storage.Capability;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.Volume;
import io.cistern.storage.VolumeImport;
import io.cistern.storage.VolumeState;
import io.cistern.storage.VolumeUpdate;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Rules 501 to 503: content that is written from outside. */
abstract class ImportRules extends RevertRules {
  final void write(VolumeImport handle, Content content) {
    writeAt(handle.path(), content);
  }

  private void writeAt(Path path, Content content) {
    try {
      fixture().write(path, 0, content.bytes());
    } catch (IOException e) {
      throw new AssertionError("%s: %s can't be written to".formatted(rule(), path), e);
    }
  }

  private static List<Supplier<CompletableFuture<?>>> imports(Volume into, Volume source) {
    return List.of(
        () -> into.importData(SIZE),
        () -> into.importFrom(GatedChannel.open(Content.zeros(SIZE)), SIZE),
        () -> into.importVolume(source));
  }

  @Test
  @Rule(501)
  void rule501_whereNothingIsSavedDataIsRefusedAndVolumesAreIgnored() {
    ready();
    Volume root = origin("root", content());
    Volume missing = origin("missing");
    for (Volume volume : List.of(volatileVolume("swap"), snapshot("snap", root))) {
      assertRefused(Code.UNSUPPORTED, volume, () -> volume.importData(SIZE));
      GatedChannel channel = GatedChannel.open(Content.zeros(SIZE));
      assertRefused(Code.UNSUPPORTED, volume, () -> volume.importFrom(channel, SIZE));
      Map<String, String> before = fixture().snapshot();
      await(volume.importVolume(root));
      await(volume.importVolume(missing));
      await(volume.importVolume(volume));
      assertThat(fixture().snapshot()).as(rule()).isEqualTo(before);
    }
  }

  @Test
  @Rule(502)
  void rule502_noImportWhileThereIsASession() {
    ready();
    Volume source = origin("source", content());
    Volume root = origin("root", content());
    Content written = content();
    startAndWrite(root, written);
    for (var importing : imports(root, source)) {
      assertRefused(Code.VOLUME_DIRTY, root, importing);
    }
    scenario().crash();
    Volume crashed = scenario().again(root);
    for (var importing : imports(crashed, scenario().again(source))) {
      assertRefused(Code.VOLUME_DIRTY, crashed, importing);
    }
    await(crashed.stop());
    assertContent(crashed, written);
  }

  @Test
  @Rule(502)
  void rule502_noImportIntoAReadOnlyVolume() {
    ready();
    Volume source = origin("source", content());
    Content content = content();
    Volume root = origin("root", content);
    await(root.update(VolumeUpdate.rw(false)));
    for (var importing : imports(root, source)) {
      assertRefused(Code.READ_ONLY, root, importing);
    }
    assertContent(root, content);
  }

  @Test
  @Rule(502)
  void rule502_whileAnImportRunsTheVolumeIsNotChangedByOthers() {
    ready();
    Volume source = origin("source", content());
    Content content = content();
    Volume root = origin("root", content, 1);
    try (VolumeImport handle = importInto(root, SIZE)) {
      write(handle, content());
      assertRefusedDuringImport(root, source);
      assertAnswersDuringImport(root, content);
    }
    GatedChannel channel = new GatedChannel(content());
    CompletableFuture<Volume> copying = root.importFrom(channel, SIZE);
    await(channel.reached());
    assertRefusedDuringImport(root, source);
    assertAnswersDuringImport(root, content);
    channel.openGate();
    await(copying);
    await(root.start());
  }

  private void assertRefusedDuringImport(Volume root, Volume source) {
    for (var importing : imports(root, source)) {
      assertFails(Code.IMPORT_IN_PROGRESS, root, importing);
    }
    assertFails(Code.IMPORT_IN_PROGRESS, root, root::start);
    assertFails(Code.IMPORT_IN_PROGRESS, root, () -> root.resize(2 * SIZE));
    assertFails(Code.IMPORT_IN_PROGRESS, root, () -> root.update(VolumeUpdate.rw(false)));
    assertFails(Code.IMPORT_IN_PROGRESS, root, root::remove);
    if (can(Capability.REVERT)) {
      assertFails(Code.IMPORT_IN_PROGRESS, root, root::revert);
    }
  }

  private void assertAnswersDuringImport(Volume root, Content committed) {
    assertContent(root, committed);
    assertThat(await(root.state())).as(rule()).isEqualTo(VolumeState.STOPPED);
    assertThat(await(root.size())).as(rule()).hasValue(SIZE);
    assertThat(await(root.isDirty())).as(rule()).isFalse();
    assertThat(await(root.info()).isImporting()).as(rule()).isTrue();
    assertThat(revisionIds(root)).as(rule()).hasSize(keep(1));
    await(root.verify());
    Volume snapshot = snapshot("snap", root);
    await(snapshot.start());
    assertDevice(snapshot, committed);
    await(snapshot.stop());
  }

  @Test
  @Rule({503, 401})
  void rule503_commitMakesWhatWasWrittenTheContent() {
    ready();
    Content first = content();
    Volume root = origin("root", first, 3);
    for (long size : List.of(SIZE / 2, 3 * SIZE, SIZE + 1)) {
      List<Content> before = images().revisions(root);
      Content replaced = images().committed(root);
      VolumeImport handle = importInto(root, size);
      long rounded = rounded(size);
      assertThat(handle.size()).as(rule()).isEqualTo(rounded);
      images().assertPath("an import begins", handle.path(), Content.zeros(rounded));
      Content written = scenario().content(size / 3);
      write(handle, written);
      assertContent(root, replaced);
      await(handle.commit());
      assertContent(root, written.resized(rounded));
      assertThat(await(root.size())).as(rule()).hasValue(rounded);
      assertThat(images().revisions(root)).as(rule()).endsWith(newRevision(replaced));
      assertThat(images().revisions(root).size()).as(rule()).isBetween(before.size(), keep(3));
      assertFails(Code.CLOSED, root, handle::commit);
      handle.close();
      await(handle.abort());
      assertContent(root, written.resized(rounded));
    }
  }

  private Content[] newRevision(Content replaced) {
    return keep(1) > 0 ? new Content[] {replaced} : new Content[0];
  }

  @Test
  @Rule(503)
  void rule503_anImportMakesAVolumeThatWasNotThere() {
    ready();
    Volume root = origin("root");
    Content content = content();
    VolumeImport handle = importInto(root, SIZE);
    write(handle, content);
    assertFails(Code.VOLUME_NOT_FOUND, root, root::export);
    await(handle.commit());
    assertContent(root, content);
    assertThat(revisionIds(root)).as(rule()).isEmpty();
    Volume aborted = origin("aborted");
    Map<String, String> before = fixture().snapshot();
    importInto(aborted, SIZE).close();
    assertThat(fixture().snapshot()).as(rule()).isEqualTo(before);
    assertFails(Code.VOLUME_NOT_FOUND, aborted, aborted::export);
  }

  @Test
  @Rule(503)
  void rule503_withoutACommitNothingHasChanged() {
    ready();
    Content content = content();
    Volume root = origin("root", content, 2);
    Map<String, String> before = fixture().snapshot();
    VolumeImport aborted = importInto(root, 2 * SIZE);
    write(aborted, content());
    await(aborted.abort());
    assertThat(fixture().snapshot()).as("%s: aborted", rule()).isEqualTo(before);
    VolumeImport closed = importInto(root, SIZE / 2);
    closed.close();
    assertThat(fixture().snapshot()).as("%s: closed", rule()).isEqualTo(before);
    assertFails(Code.CLOSED, root, closed::commit);
    assertContent(root, content);
    await(root.start());
    assertDevice(root, content);
  }

  @Test
  @Rule(503)
  void rule503_anImportThatSomebodyWritesToCanBeCommittedLater() throws Exception {
    ready();
    Volume root = origin("root", content());
    Content content = content();
    VolumeImport handle = importInto(root, SIZE);
    write(handle, content);
    try (AutoCloseable holder = fixture().hold(handle.path())) {
      assertThat(holder).isNotNull();
      assertFails(Code.VOLUME_IN_USE, root, handle::commit);
    }
    await(handle.commit());
    assertContent(root, content);
  }

  @Test
  @Rule({503, 901})
  void rule503_anInterruptedCommitOfAnImportIsDoneOrNotBegun() {
    ready();
    Content first = content();
    Content second = scenario().content(SIZE / 2);
    Map<Volume, VolumeImport> handles = new ConcurrentHashMap<>();
    new EveryStep(
            scenario(),
            "commit of an import",
            name -> {
              Volume volume = origin(name, first, 2);
              VolumeImport handle = importInto(volume, SIZE / 2);
              write(handle, second);
              handles.put(volume, handle);
              return volume;
            },
            volume -> Objects.requireNonNull(handles.get(volume)).commit())
        .dies();
  }
}
