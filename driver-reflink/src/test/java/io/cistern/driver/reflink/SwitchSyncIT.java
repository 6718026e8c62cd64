package io.cistern.driver.reflink;

import static org.assertj.core.api.Assertions.assertThat;

import io.cistern.directory.testing.FileSystemUnderTest;
import io.cistern.storage.StopMode;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.Volume;
import io.cistern.storage.VolumeImport;
import io.cistern.storage.VolumeState;
import io.cistern.storage.VolumeUpdate;
import io.cistern.storage.spi.Step;
import io.cistern.storage.spi.StepProbe;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("The sync of a directory after a switch")
class SwitchSyncIT {
  private static final long SIZE = 1 << 16;

  /** Does something each time that the directory of the volume, or else, is about to be synced. */
  private static final class AtSync implements StepProbe {
    private volatile String synced = "/vm";
    private final AtomicReference<Supplier<Optional<String>>> act = new AtomicReference<>();

    @Override
    public Optional<String> before(Step step) {
      Supplier<Optional<String>> now = act.get();
      boolean isSynced = step.name().equals("fsync") && step.detail().endsWith(synced);
      return now != null && isSynced ? now.get() : Optional.empty();
    }
  }

  @ParameterizedTest
  @EnumSource(FileSystemUnderTest.class)
  void isMadeAgainForADirectoryThatSomebodyHasRemoved(FileSystemUnderTest fileSystem)
      throws Exception {
    AtSync probe = new AtSync();
    try (Disks disks = Disks.on(fileSystem, probe)) {
      Volume root = disks.origin("vm", "root", SIZE);
      Disks.get(root.remove());
      Disks.get(disks.declared("vm", "root", SIZE).create());
      try (Stream<Path> files = Files.walk(disks.directory().resolve("vm"))) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
      AtomicInteger syncs = new AtomicInteger();
      probe.synced = disks.directory().toString();
      probe.act.set(
          () -> {
            syncs.incrementAndGet();
            return Optional.empty();
          });

      Disks.get(disks.declared("vm", "other", SIZE).create());
      assertThat(syncs).as("syncs of the pool's directory, in which vm is new").hasValue(1);
    }
  }

  @ParameterizedTest
  @EnumSource(FileSystemUnderTest.class)
  void isNoSessionOfAStoppedVolume(FileSystemUnderTest fileSystem) throws Exception {
    AtSync probe = new AtSync();
    try (Disks disks = Disks.on(fileSystem, probe)) {
      Volume root = disks.origin("vm", "root", SIZE);
      Disks.commit(root, "one");
      AtomicReference<VolumeState> seen = new AtomicReference<>();
      probe.act.set(
          () -> {
            seen.set(Disks.get(root.state()));
            return Optional.empty();
          });

      Disks.get(root.revert());
      assertThat(seen.getAndSet(null)).isEqualTo(VolumeState.STOPPED);
      Disks.get(root.resize(2 * SIZE));
      assertThat(seen.getAndSet(null)).isEqualTo(VolumeState.STOPPED);
    }
  }

  @ParameterizedTest
  @EnumSource(FileSystemUnderTest.class)
  void leavesNoSessionWhenItFailsForARevertAndIsMadeUpForByWhatComesNext(
      FileSystemUnderTest fileSystem) throws Exception {
    AtSync probe = new AtSync();
    try (Disks disks = Disks.on(fileSystem, probe)) {
      Volume root = disks.origin("vm", "root", SIZE);
      Disks.commit(root, "one");
      Disks.commit(root, "two");
      probe.act.set(() -> Optional.of("EIO"));
      assertThat(Disks.refused(root.revert(), Code.IO)).hasMessageContaining("is switched");

      assertThat(Disks.get(root.state())).isEqualTo(VolumeState.STOPPED);
      assertThat(Disks.get(root.isDirty())).isFalse();
      assertThat(Disks.committed(root, 3)).isEqualTo("one");
      Disks.refused(root.start(), Code.IO);
      probe.act.set(null);
      Disks.commit(root, "six");
      assertThat(Disks.committed(root, 3)).isEqualTo("six");
    }
  }

  @ParameterizedTest
  @EnumSource(FileSystemUnderTest.class)
  void isNoRefusalOfWhatIsDoneThoughTheFileSystemTakesNoMore(FileSystemUnderTest fileSystem)
      throws Exception {
    AtSync probe = new AtSync();
    try (Disks disks = Disks.on(fileSystem, probe)) {
      Volume root = disks.origin("vm", "root", SIZE);
      Disks.commit(root, "one");
      Disks.commit(root, "two");
      VolumeImport imported = Disks.get(root.importData(SIZE));
      Disks.write(imported.path(), 0, "new");
      probe.act.set(() -> Optional.of("EROFS"));

      assertThat(Disks.refused(imported.commit(), Code.IO)).hasMessageContaining("do not repeat");
      assertThat(Disks.committed(root, 3)).isEqualTo("new");
      Disks.refused(imported.commit(), Code.CLOSED);
      probe.act.set(null);
    }
  }

  @ParameterizedTest
  @EnumSource(FileSystemUnderTest.class)
  void ofTheContentIsToBeRepeatedOnlyAfterALookAtTheKernelsLog(FileSystemUnderTest fileSystem)
      throws Exception {
    AtSync probe = new AtSync();
    try (Disks disks = Disks.on(fileSystem, probe)) {
      Volume root = disks.origin("vm", "root", SIZE);
      Disks.commit(root, "one");
      Disks.write(Disks.start(root).path(), 0, "two");
      probe.synced = "root-dirty.img";
      probe.act.set(() -> Optional.of("EIO"));

      assertThat(Disks.refused(root.stop(), Code.IO))
          .hasMessageContaining("See the kernel's log before you repeat it")
          .hasMessageContaining("stop(DISCARD) keeps the last commit");
      probe.act.set(null);
      Disks.get(root.stop(StopMode.DISCARD));
      assertThat(Disks.committed(root, 3)).isEqualTo("one");
    }
  }

  /** The file system was lost after that, repaired and mounted again. */
  @ParameterizedTest
  @EnumSource(FileSystemUnderTest.class)
  void hasNotHappenedIfTheSwitchIsNotThereWhenTheStopIsRepeated(FileSystemUnderTest fileSystem)
      throws Exception {
    AtSync probe = new AtSync();
    try (Disks disks = Disks.on(fileSystem, probe)) {
      Volume root = disks.origin("vm", "root", SIZE);
      Disks.commit(root, "one");
      Path session = Disks.start(root).path();
      Disks.write(session, 0, "two");
      probe.act.set(() -> Optional.of("EIO"));
      Disks.refused(root.stop(), Code.IO);
      probe.act.set(null);
      Path clean = session.resolveSibling("root.img");
      Files.move(clean, session);
      Files.write(clean, new byte[Math.toIntExact(SIZE)]);

      Disks.stop(root);
      assertThat(Disks.get(root.state())).isEqualTo(VolumeState.STOPPED);
      assertThat(Disks.committed(root, 3)).isEqualTo("two");
    }
  }

  @ParameterizedTest
  @EnumSource(FileSystemUnderTest.class)
  void canBeRepeatedByAStopForWhichItFailed(FileSystemUnderTest fileSystem) throws Exception {
    AtSync probe = new AtSync();
    try (Disks disks = Disks.on(fileSystem, probe)) {
      Volume root = disks.origin("vm", "root", SIZE);
      Disks.write(Disks.start(root).path(), 0, "one");
      probe.act.set(() -> Optional.of("EIO"));
      Disks.refused(root.stop(), Code.IO);
      assertThat(Disks.get(root.state())).isEqualTo(VolumeState.STARTED);
      Disks.refused(root.stop(), Code.IO);

      probe.act.set(null);
      Disks.stop(root);
      assertThat(Disks.get(root.state())).isEqualTo(VolumeState.STOPPED);
      assertThat(Disks.committed(root, 3)).isEqualTo("one");
      assertThat(Disks.get(root.revisions())).hasSize(1);
    }
  }

  @ParameterizedTest
  @EnumSource(FileSystemUnderTest.class)
  void canBeRepeatedByAStopAfterSomethingElseHasMadeUpForIt(FileSystemUnderTest fileSystem)
      throws Exception {
    AtSync probe = new AtSync();
    try (Disks disks = Disks.on(fileSystem, probe)) {
      Volume root = disks.origin("vm", "root", SIZE);
      Disks.commit(root, "one");
      Disks.commit(root, "two");
      Disks.write(Disks.start(root).path(), 0, "six");
      probe.act.set(() -> Optional.of("ENOSPC"));
      Disks.refused(root.stop(), Code.OUT_OF_SPACE);
      probe.act.set(null);
      Disks.get(root.removeRevision(Disks.get(root.revisions()).get(0).id()));
      Disks.refused(root.stop(StopMode.DISCARD), Code.UNSUPPORTED);

      Disks.stop(root);
      assertThat(Disks.get(root.state())).isEqualTo(VolumeState.STOPPED);
      assertThat(Disks.committed(root, 3)).isEqualTo("six");
      Disks.commit(root, "new");
      assertThat(Disks.committed(root, 3)).isEqualTo("new");
    }
  }

  @ParameterizedTest
  @EnumSource(FileSystemUnderTest.class)
  void ofACommitThatFailedIsNotMadeUpForByADiscard(FileSystemUnderTest fileSystem)
      throws Exception {
    AtSync probe = new AtSync();
    try (Disks disks = Disks.on(fileSystem, probe)) {
      Volume root = disks.origin("vm", "root", SIZE);
      Disks.write(Disks.start(root).path(), 0, "one");
      probe.act.set(() -> Optional.of("EIO"));
      Disks.refused(root.stop(), Code.IO);
      probe.act.set(null);

      Disks.refused(root.stop(StopMode.DISCARD), Code.UNSUPPORTED);
      Disks.refused(root.start(), Code.VOLUME_NOT_FOUND);

      Disks.stop(root);
      assertThat(Disks.committed(root, 3)).isEqualTo("one");
    }
  }

  @ParameterizedTest
  @EnumSource(FileSystemUnderTest.class)
  void ofADiscardThatFailedIsNoCommit(FileSystemUnderTest fileSystem) throws Exception {
    AtSync probe = new AtSync();
    try (Disks disks = Disks.on(fileSystem, probe)) {
      Volume root = disks.origin("vm", "root", SIZE);
      Disks.commit(root, "one");
      Disks.get(root.update(VolumeUpdate.revisionsToKeep(0)));
      Disks.write(Disks.start(root).path(), 0, "two");
      probe.act.set(() -> Optional.of("EIO"));
      assertThat(Disks.refused(root.stop(StopMode.DISCARD), Code.IO))
          .hasMessageContaining("has no session");
      probe.act.set(null);

      Disks.stop(root);
      assertThat(Disks.committed(root, 3)).isEqualTo("one");
      assertThat(Disks.get(root.revisions())).as("nothing was committed").hasSize(1);
    }
  }

  @ParameterizedTest
  @EnumSource(FileSystemUnderTest.class)
  void ofTheEndOfASessionInPlacePrunesNothing(FileSystemUnderTest fileSystem) throws Exception {
    AtSync probe = new AtSync();
    try (Disks disks = Disks.on(fileSystem, probe)) {
      Volume root = disks.origin("vm", "root", SIZE);
      Disks.commit(root, "one");
      Disks.get(root.update(VolumeUpdate.revisionsToKeep(-1)));
      Disks.write(Disks.start(root).path(), 0, "two");
      probe.act.set(() -> Optional.of("EIO"));
      Disks.refused(root.stop(), Code.IO);
      probe.act.set(null);

      Disks.refused(root.stop(StopMode.DISCARD), Code.UNSUPPORTED);
      Disks.stop(root);
      assertThat(Disks.committed(root, 3)).isEqualTo("two");
      assertThat(Disks.get(root.revisions())).hasSize(1);
    }
  }

  @ParameterizedTest
  @EnumSource(FileSystemUnderTest.class)
  void ofATombstoneIsMadeUpForBeforeTheRemovalIsDone(FileSystemUnderTest fileSystem)
      throws Exception {
    AtSync probe = new AtSync();
    try (Disks disks = Disks.on(fileSystem, probe)) {
      Volume root = disks.origin("vm", "root", SIZE);
      probe.act.set(() -> Optional.of("EIO"));
      Disks.refused(root.remove(), Code.IO);
      AtomicInteger syncs = new AtomicInteger();
      probe.act.set(
          () -> {
            syncs.incrementAndGet();
            return Optional.empty();
          });

      Disks.get(root.remove());
      assertThat(syncs).hasPositiveValue();
    }
  }
}
