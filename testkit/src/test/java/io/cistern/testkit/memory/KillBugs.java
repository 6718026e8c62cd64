package io.cistern.testkit.memory;

import io.cistern.storage.Revision;
import io.cistern.storage.RevisionId;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.VolumeConfig;
import io.cistern.storage.spi.AbstractVolume;
import io.cistern.storage.spi.DriverException;
import io.cistern.storage.spi.SessionForm;
import io.cistern.testkit.memory.Catalog.Role;
import io.cistern.testkit.memory.VolumeImages.ImageUse;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** The lock of a pool on a directory of the machine's, and bugs that only a kill shows. */
final class KillBugs {
  private KillBugs() {}

  /** The system gives it back when the process ends, however that ends. */
  static AutoCloseable lock(Path place) throws IOException {
    Path owner = place.resolve("owner");
    FileChannel channel =
        FileChannel.open(
            place.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      FileLock lock = channel.tryLock();
      if (lock == null) {
        throw locked(Files.readString(owner));
      }
      Files.writeString(owner, pid());
      return channel;
    } catch (OverlappingFileLockException e) {
      channel.close();
      throw locked(pid());
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  /** A file that says who has the pool, whether or not that process lives. */
  static AutoCloseable lockThatOutlives(Path place) throws IOException {
    Path owner = place.resolve("owner");
    try {
      Files.writeString(owner, pid(), StandardOpenOption.CREATE_NEW);
      return () -> Files.delete(owner);
    } catch (FileAlreadyExistsException e) {
      throw locked(Files.readString(owner));
    }
  }

  /** The system gives a lock back when the process closes any descriptor of the file. */
  static AutoCloseable lockThatDiesEarly(Path place) throws IOException {
    AutoCloseable lock = lock(place);
    Files.readAllBytes(place.resolve("lock"));
    return lock;
  }

  private static String pid() {
    return Long.toString(ProcessHandle.current().pid());
  }

  private static DriverException locked(String owner) {
    return new DriverException(
        Code.LOCKED, "the process %s has the pool open".formatted(owner), "Close it there");
  }

  /** Does something only when the pool is closed in order. */
  interface AtExit {
    void catchUp() throws IOException;
  }

  /** Commits when the pool is closed, or somebody asks: an orderly process never notices. */
  static final class CommitAtExit extends MemoryVolume implements AtExit {
    private OptionalInt waiting = OptionalInt.empty();

    CommitAtExit(MemoryPool pool, VolumeConfig config) {
      super(pool, config);
    }

    @Override
    protected synchronized void doCommit(int revisionsToKeep) {
      waiting = OptionalInt.of(revisionsToKeep);
    }

    @Override
    protected SessionForm doSession() throws IOException {
      catchUp();
      return super.doSession();
    }

    @Override
    public synchronized void catchUp() throws IOException {
      if (waiting.isPresent()) {
        int revisionsToKeep = waiting.getAsInt();
        waiting = OptionalInt.empty();
        super.doCommit(revisionsToKeep);
      }
    }
  }

  /** Only what this process has begun itself is committed at once. */
  static final class CrashedCommitInTwoSteps extends MemoryVolume {
    private boolean begun;

    CrashedCommitInTwoSteps(MemoryPool pool, VolumeConfig config) {
      super(pool, config);
    }

    @Override
    protected void doStart(Optional<AbstractVolume> source) throws IOException {
      begun = true;
      super.doStart(source);
    }

    @Override
    void replaceContent(long number, int revisionsToKeep) throws IOException {
      Optional<Long> old = images.catalog().content();
      if (!begun && old.isPresent()) {
        images.change(catalog -> catalog.with(old.get(), Role.LEFTOVER));
      }
      super.replaceContent(number, revisionsToKeep);
    }
  }

  /** The revision that became the content is one as well, until an orderly end. */
  static final class RevertedIsStillListed extends MemoryVolume implements AtExit {
    private Optional<Long> listed = Optional.empty();

    RevertedIsStillListed(MemoryPool pool, VolumeConfig config) {
      super(pool, config);
    }

    @Override
    protected synchronized void doRevert(RevisionId id, boolean keepReplaced) throws IOException {
      Instant now = pool.now();
      try (ImageUse copy = images.make(images.size(Optional.of(id.number())).orElseThrow())) {
        files.copy(images.path(id.number()), copy.path());
        files.sync(copy.path());
        images.change(catalog -> catalog.withContent(copy.number(), Optional.of(now)));
      }
      listed = Optional.of(id.number());
    }

    @Override
    protected synchronized List<Revision> doRevisions() throws IOException {
      return super.doRevisions().stream()
          .filter(revision -> !listed.equals(Optional.of(revision.id().number())))
          .toList();
    }

    @Override
    public synchronized void catchUp() throws IOException {
      if (listed.isPresent()) {
        images.remove(listed.get());
      }
    }
  }

  /** Where no sweep looks. */
  private static Path aside(MemoryVolume volume) {
    String name = "%s-%d".formatted(volume.config().vid().replace('/', '-'), System.nanoTime());
    return volume.pool.directory().orElseThrow().resolve(name);
  }

  /** What a commit makes for a moment lies where no sweep looks. */
  static final class LeftoverInAnotherPlace extends MemoryVolume {
    LeftoverInAnotherPlace(MemoryPool pool, VolumeConfig config) {
      super(pool, config);
    }

    @Override
    void replaceContent(long number, int revisionsToKeep) throws IOException {
      Path aside = aside(this);
      files.create(aside, 0);
      super.replaceContent(number, revisionsToKeep);
      files.delete(aside);
    }
  }

  /** The same, when the commit was reported done already. */
  static final class TidiesInAnotherPlace extends MemoryVolume {
    TidiesInAnotherPlace(MemoryPool pool, VolumeConfig config) {
      super(pool, config);
    }

    @Override
    void replaceContent(long number, int revisionsToKeep) throws IOException {
      super.replaceContent(number, revisionsToKeep);
      Path aside = aside(this);
      LateWork.begin(
          () -> {
            files.create(aside, 0);
            files.delete(aside);
          });
    }
  }

  /** A copy of the volume, for a moment, which looks like another one. */
  static final class DraftPassesForVolume extends MemoryVolume {
    DraftPassesForVolume(MemoryPool pool, VolumeConfig config) {
      super(pool, config);
    }

    @Override
    void replaceContent(long number, int revisionsToKeep) throws IOException {
      VolumeImages draft = pool.images(config().vid() + "-draft");
      try (ImageUse image = draft.make(0)) {
        files.create(image.path(), 0);
        draft.change(catalog -> catalog.withContent(image.number(), Optional.empty()));
      }
      super.replaceContent(number, revisionsToKeep);
      draft.removeAll();
    }
  }
}
