package io.cistern.driver.reflink;

import static org.assertj.core.api.Assertions.assertThat;

import io.cistern.directory.testing.FileSystemUnderTest;
import io.cistern.storage.ResizeOption;
import io.cistern.storage.Revision;
import io.cistern.storage.RevisionId;
import io.cistern.storage.StopMode;
import io.cistern.storage.StorageException;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.Volume;
import io.cistern.storage.VolumeConfig;
import io.cistern.storage.VolumeExport;
import io.cistern.storage.spi.Step;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each system call of each operation fails once, with each error that it can return: the volume is
 * as before or as after, and the operation works when it is repeated (rules 1001 and 1004).
 */
@DisplayName("A system call that fails")
class FaultsIT {
  private static final long SIZE = 1 << 16;

  /** Otherwise each call fails with one of its errors, another one for each step. */
  private static final boolean THOROUGH = Boolean.getBoolean("cistern.test.thorough");

  /** What is done, from which state. */
  private enum Operation {
    CREATE {
      @Override
      Volume prepare(Disks disks, String vm) {
        return disks.declared(vm, "root", SIZE);
      }

      @Override
      CompletableFuture<?> run(Disks disks, Volume volume) {
        return volume.create();
      }

      @Override
      Optional<Code> refusedAfterwards() {
        return Optional.of(Code.VOLUME_EXISTS);
      }
    },
    START {
      @Override
      CompletableFuture<?> run(Disks disks, Volume volume) {
        return volume.start();
      }
    },
    STOP {
      @Override
      Volume prepare(Disks disks, String vm) throws IOException {
        Volume volume = super.prepare(disks, vm);
        Disks.write(Disks.start(volume).path(), 0, "three");
        return volume;
      }

      @Override
      CompletableFuture<?> run(Disks disks, Volume volume) {
        return volume.stop();
      }
    },
    DISCARD {
      @Override
      Volume prepare(Disks disks, String vm) throws IOException {
        return STOP.prepare(disks, vm);
      }

      @Override
      CompletableFuture<?> run(Disks disks, Volume volume) {
        return volume.stop(StopMode.DISCARD);
      }
    },
    RESIZE {
      @Override
      CompletableFuture<?> run(Disks disks, Volume volume) {
        return volume.resize(SIZE / 2, ResizeOption.ALLOW_SHRINK);
      }
    },
    RESIZE_STARTED {
      @Override
      Volume prepare(Disks disks, String vm) throws IOException {
        return STOP.prepare(disks, vm);
      }

      @Override
      CompletableFuture<?> run(Disks disks, Volume volume) {
        return volume.resize(2 * SIZE);
      }
    },
    REVERT {
      @Override
      CompletableFuture<?> run(Disks disks, Volume volume) {
        return volume.revert(new RevisionId(1));
      }

      @Override
      Optional<Code> refusedAfterwards() {
        return Optional.of(Code.NO_SUCH_REVISION);
      }
    },
    REMOVE_REVISION {
      @Override
      CompletableFuture<?> run(Disks disks, Volume volume) {
        return volume.removeRevision(new RevisionId(1));
      }

      @Override
      Optional<Code> refusedAfterwards() {
        return Optional.of(Code.NO_SUCH_REVISION);
      }
    },
    REMOVE {
      @Override
      CompletableFuture<?> run(Disks disks, Volume volume) {
        return volume.remove();
      }
    },
    IMPORT {
      @Override
      CompletableFuture<?> run(Disks disks, Volume volume) {
        byte[] content = "imported content".getBytes(StandardCharsets.UTF_8);
        return volume.importFrom(
            Channels.newChannel(new ByteArrayInputStream(content)), content.length);
      }

      @Override
      boolean repeats() {
        return true;
      }
    },
    CLONE {
      @Override
      CompletableFuture<?> run(Disks disks, Volume volume) {
        return volume.importVolume(disks.declared("source", "root", SIZE));
      }

      @Override
      boolean repeats() {
        return true;
      }
    },
    EXPORT {
      @Override
      CompletableFuture<?> run(Disks disks, Volume volume) {
        return volume.export().thenCompose(VolumeExport::closeAsync);
      }
    },
    START_SNAPSHOT {
      @Override
      Volume prepare(Disks disks, String vm) {
        Volume source = disks.declared("source", "root", SIZE);
        return disks.pool().volume(VolumeConfig.snapshot(vm, "root").source(source.id()).build());
      }

      @Override
      CompletableFuture<?> run(Disks disks, Volume volume) {
        return volume.start();
      }
    },
    STOP_SNAPSHOT {
      @Override
      Volume prepare(Disks disks, String vm) throws IOException {
        Volume snapshot = START_SNAPSHOT.prepare(disks, vm);
        Disks.start(snapshot);
        return snapshot;
      }

      @Override
      CompletableFuture<?> run(Disks disks, Volume volume) {
        return volume.stop();
      }
    };

    /** Makes an origin with two commits, thus one revision. */
    Volume prepare(Disks disks, String vm) throws IOException {
      VolumeConfig config = VolumeConfig.origin(vm, "root").size(SIZE).revisionsToKeep(9).build();
      Volume volume = disks.pool().volume(config);
      Disks.get(volume.create());
      Disks.commit(volume, "one..");
      Disks.commit(volume, "two..");
      return volume;
    }

    abstract CompletableFuture<?> run(Disks disks, Volume volume);

    /** What a second run is refused with once the first has done it. */
    Optional<Code> refusedAfterwards() {
      return Optional.empty();
    }

    /** Whether a second run makes another revision. */
    boolean repeats() {
      return false;
    }

    private static io.cistern.storage.RevisionId first(Volume volume) {
      List<Revision> revisions = Disks.get(volume.revisions());
      return revisions.isEmpty() ? new io.cistern.storage.RevisionId(1) : revisions.get(0).id();
    }
  }

  static Stream<Arguments> operationsOnFileSystems() {
    return Stream.of(FileSystemUnderTest.values())
        .flatMap(
            fileSystem ->
                Stream.of(Operation.values())
                    .map(operation -> Arguments.of(operation, fileSystem)));
  }

  @ParameterizedTest(name = "of {0} on {1}")
  @MethodSource("operationsOnFileSystems")
  void leavesBeforeOrAfterAndDoesNotStandInTheWay(
      Operation operation, FileSystemUnderTest fileSystem) throws Exception {
    FaultAtStep fault = new FaultAtStep();
    try (Disks disks = Disks.on(fileSystem, fault)) {
      Disks.commit(disks.origin("source", "root", SIZE), "clone");
      String after = undisturbed(disks, operation);
      long descriptors = -1;
      int runs = 0;
      for (int step = 0; ; step++) {
        Optional<Step> failed = disturbed(disks, operation, fault, step, step, after);
        if (failed.isEmpty()) {
          assertThat(runs).isGreaterThan(10);
          assertThat(openDescriptors(disks)).isEqualTo(descriptors);
          return;
        }
        for (int error = 1; THOROUGH && error < FaultAtStep.errors(failed.get()).size(); error++) {
          disturbed(disks, operation, fault, step, step + error, after);
        }
        runs++;
        descriptors = descriptors < 0 ? openDescriptors(disks) : descriptors;
      }
    }
  }

  private static String undisturbed(Disks disks, Operation operation) throws IOException {
    Volume volume = operation.prepare(disks, "undisturbed");
    Disks.get(operation.run(disks, volume));
    String after = picture(volume);
    clear(volume);
    return after;
  }

  /** Runs an operation with a fault; returns the step that failed, if it has so many. */
  private static Optional<Step> disturbed(
      Disks disks, Operation operation, FaultAtStep fault, int step, int error, String after)
      throws IOException {
    String vm = "vm-" + step + "-" + error;
    Volume volume = operation.prepare(disks, vm);
    String before = picture(volume);
    fault.arm(step, error);
    StorageException failure = failure(operation.run(disks, volume));
    fault.disarm();
    String what = "%s, step %d: %s: %s".formatted(operation, step, fault, failure);
    String now = picture(volume);
    if (failure == null) {
      assertThat(now).as(what).isEqualTo(after);
    } else {
      assertThat(now).as(what).isIn(before, after);
      assertThat(failure.getMessage()).as(what).containsAnyOf(vm, "source/root");
    }
    assertRepeatable(disks, operation, volume, now.equals(after) && !before.equals(after), what);
    if (!operation.repeats()) {
      assertThat(picture(volume)).as(what + "; repeated").isEqualTo(after);
    }
    clear(volume);
    assertThat(leftovers(disks, vm)).as(what).isEmpty();
    return fault.failed();
  }

  private static void assertRepeatable(
      Disks disks, Operation operation, Volume volume, boolean isDone, String what) {
    StorageException again = failure(operation.run(disks, volume));
    if (isDone && operation.refusedAfterwards().isPresent()) {
      assertThat(again).as(what).isNotNull();
      assertThat(again.code()).as(what).isEqualTo(operation.refusedAfterwards().get());
    } else {
      assertThat(again).as(what + "; repeated").isNull();
    }
  }

  private static StorageException failure(CompletableFuture<?> future) {
    try {
      Disks.get(future);
      return null;
    } catch (RuntimeException e) {
      StorageException failure = StorageException.in(e);
      if (failure == null) {
        throw e;
      }
      return failure;
    }
  }

  /** Tells all that can be seen of a volume. */
  private static String picture(Volume volume) throws IOException {
    List<String> parts = new ArrayList<>();
    parts.add(Disks.get(volume.size()).toString());
    if (volume.kind().saveOnStop()) {
      StorageException absent = failure(volume.verify());
      parts.add(absent == null ? Disks.committed(volume, 5) : absent.code().toString());
      for (Revision revision : Disks.get(volume.revisions())) {
        try (VolumeExport export = Disks.get(volume.export(revision.id()))) {
          parts.add(revision.id() + "=" + Disks.read(export.path(), 5) + "/" + export.size());
        }
      }
    }
    return String.join(" ", parts);
  }

  private static void clear(Volume volume) {
    Disks.get(volume.stop(StopMode.DISCARD));
    Disks.get(volume.remove());
  }

  private static List<String> leftovers(Disks disks, String vm) throws IOException {
    Path directory = disks.directory().resolve(vm);
    if (!Files.exists(directory)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(directory)) {
      return files.map(Path::toString).toList();
    }
  }

  private static long openDescriptors(Disks disks) throws IOException {
    try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
      return descriptors
          .filter(
              descriptor -> {
                try {
                  return Files.readSymbolicLink(descriptor).startsWith(disks.base());
                } catch (IOException e) {
                  return false;
                }
              })
          .count();
    }
  }
}
