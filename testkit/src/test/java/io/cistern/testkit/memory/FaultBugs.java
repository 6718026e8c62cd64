package io.cistern.testkit.memory;

import com.google.common.util.concurrent.Uninterruptibles;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.VolumeConfig;
import io.cistern.storage.VolumeUsage;
import io.cistern.storage.spi.AbstractVolume;
import io.cistern.storage.spi.DriverContext;
import io.cistern.storage.spi.DriverException;
import io.cistern.storage.spi.SessionForm;
import io.cistern.storage.spi.Step;
import io.cistern.storage.spi.StepProbe;
import io.cistern.testkit.memory.Catalog.Role;
import io.cistern.testkit.memory.VolumeImages.ImageUse;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.Pipe;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;

/** Volumes and pools with one bug each, which shows only when a step fails or the pool is full. */
final class FaultBugs {
  private FaultBugs() {}

  /** A commit that fails is as good as done. */
  static final class FailedStopSucceeds extends MemoryVolume {
    FailedStopSucceeds(MemoryPool pool, VolumeConfig config) {
      super(pool, config);
    }

    @Override
    @SuppressWarnings("EmptyCatch")
    protected void doCommit(int revisionsToKeep) throws IOException {
      try {
        super.doCommit(revisionsToKeep);
      } catch (IOException e) {
        // This is the bug.
      }
    }
  }

  /** What the disk did not take is committed all the same. */
  static final class SyncErrorIsSwallowed extends MemoryVolume {
    SyncErrorIsSwallowed(MemoryPool pool, VolumeConfig config) {
      super(pool, config);
    }

    @Override
    @SuppressWarnings("EmptyCatch")
    protected void doCommit(int revisionsToKeep) throws IOException {
      if (doSession() == SessionForm.IN_PLACE) {
        super.doCommit(revisionsToKeep);
        return;
      }
      long session = images.session().orElseThrow();
      try {
        files.sync(images.path(session));
      } catch (IOException e) {
        // This is the bug.
      }
      replaceContent(session, revisionsToKeep);
    }
  }

  /** A session that the disk did not take is reported to be there. */
  static final class StartSyncIsSwallowed extends MemoryVolume {
    StartSyncIsSwallowed(MemoryPool pool, VolumeConfig config) {
      super(pool, config);
    }

    @Override
    @SuppressWarnings("EmptyCatch")
    void startFrom(MemoryVolume source) throws IOException {
      try (ImageUse content = source.images.use(Optional.empty());
          ImageUse session = images.make(content.size())) {
        files.copy(content.path(), session.path());
        try {
          files.sync(session.path());
        } catch (IOException e) {
          // This is the bug.
        }
        String origin = source.images.identity(content.number());
        images.change(catalog -> catalog.with(session.number(), Role.SESSION, origin));
      }
    }
  }

  /** What makes the switch durable is done after it, and nobody looks at whether it was. */
  static final class SwitchSyncIsSwallowed extends MemoryVolume {
    SwitchSyncIsSwallowed(MemoryPool pool, VolumeConfig config) {
      super(pool, config);
    }

    @Override
    @SuppressWarnings("EmptyCatch")
    void replaceContent(long number, int revisionsToKeep) throws IOException {
      Optional<Instant> kept = Optional.of(pool.now());
      images.change(catalog -> catalog.withContent(number, kept));
      try {
        files.sync(images.path(number));
      } catch (IOException e) {
        // This is the bug.
      }
      images.change(catalog -> catalog.pruned(revisionsToKeep));
    }
  }

  /** What was left by a failure is brought into order by the next start, with the revisions. */
  static final class RecoveryDropsRevisions extends MemoryVolume {
    private static final Set<String> FAILED = ConcurrentHashMap.newKeySet();

    RecoveryDropsRevisions(MemoryPool pool, VolumeConfig config) {
      super(pool, config);
    }

    @Override
    protected void doCommit(int revisionsToKeep) throws IOException {
      try {
        super.doCommit(revisionsToKeep);
      } catch (IOException e) {
        FAILED.add(config().vid());
        throw e;
      }
    }

    @Override
    protected void doStart(Optional<AbstractVolume> source) throws IOException {
      if (FAILED.remove(config().vid())) {
        images.change(catalog -> catalog.pruned(0));
      }
      super.doStart(source);
    }
  }

  /** What a step is to fail with is asked, and the step is done. */
  static final class FaultIsIgnored extends MemoryVolume {
    private final StepProbe probe;

    FaultIsIgnored(MemoryPool pool, VolumeConfig config, StepProbe probe) {
      super(pool, config);
      this.probe = probe;
    }

    @Override
    protected void doCommit(int revisionsToKeep) throws IOException {
      Step step =
          new Step(pool.name(), Step.Kind.SYSTEM_CALL, "note", config().vid(), List.of("EIO"));
      Optional<String> unused = probe.before(step);
      super.doCommit(revisionsToKeep);
    }
  }

  /** What is pruned after the switch goes, or the commit is said to have failed. */
  static final class FailedPruneFailsTheCommit extends MemoryVolume {
    FailedPruneFailsTheCommit(MemoryPool pool, VolumeConfig config) {
      super(pool, config);
    }

    @Override
    void replaceContent(long number, int revisionsToKeep) throws IOException {
      super.replaceContent(number, revisionsToKeep + 1);
      images.change(catalog -> catalog.pruned(revisionsToKeep));
    }
  }

  /** A file that is opened for a start is closed only if that succeeds. */
  static final class DescriptorLeaks extends MemoryVolume {
    DescriptorLeaks(MemoryPool pool, VolumeConfig config) {
      super(pool, config);
    }

    @Override
    protected void doStart(Optional<AbstractVolume> source) throws IOException {
      Path lock = Files.createTempFile("memory", ".lock");
      FileChannel channel = FileChannel.open(lock, StandardOpenOption.WRITE);
      Files.delete(lock);
      super.doStart(source);
      channel.close();
    }
  }

  /** A pipe that is opened for a start is closed only if that succeeds. */
  static final class PipeLeaks extends MemoryVolume {
    PipeLeaks(MemoryPool pool, VolumeConfig config) {
      super(pool, config);
    }

    @Override
    protected void doStart(Optional<AbstractVolume> source) throws IOException {
      Pipe pipe = Pipe.open();
      super.doStart(source);
      pipe.source().close();
      pipe.sink().close();
    }
  }

  /** A thread that looks after a start ends only if that succeeds. */
  static final class ThreadLeaks extends MemoryVolume {
    ThreadLeaks(MemoryPool pool, VolumeConfig config) {
      super(pool, config);
    }

    @Override
    protected void doStart(Optional<AbstractVolume> source) throws IOException {
      CountDownLatch started = new CountDownLatch(1);
      Thread watch = new Thread(() -> Uninterruptibles.awaitUninterruptibly(started), "watch");
      watch.setDaemon(true);
      watch.start();
      super.doStart(source);
      started.countDown();
    }
  }

  /** What a commit makes for itself goes only if it succeeds. */
  static final class ObjectLeaks extends MemoryVolume {
    ObjectLeaks(MemoryPool pool, VolumeConfig config) {
      super(pool, config);
    }

    @Override
    protected void doCommit(int revisionsToKeep) throws IOException {
      Path journal = pool.directory().orElseThrow().resolve("journal" + System.nanoTime());
      Files.createFile(journal);
      super.doCommit(revisionsToKeep);
      Files.delete(journal);
    }
  }

  /** After a start that failed, this process believes that it still runs. */
  static final class FailedStartStandsInTheWay extends MemoryVolume {
    private boolean starting;

    FailedStartStandsInTheWay(MemoryPool pool, VolumeConfig config) {
      super(pool, config);
    }

    @Override
    protected void doStart(Optional<AbstractVolume> source) throws IOException {
      if (starting) {
        throw new IOException("a start is running");
      }
      starting = true;
      super.doStart(source);
      starting = false;
    }
  }

  /**
   * A start has one thing more to do when the session is there, and does not end it if that fails.
   */
  static final class FailedStartLeavesSession extends MemoryVolume {
    FailedStartLeavesSession(MemoryPool pool, VolumeConfig config) {
      super(pool, config);
    }

    @Override
    void startFrom(MemoryVolume source) throws IOException {
      super.startFrom(source);
      files.sync(images.path(images.session().orElseThrow()));
    }
  }

  /** Takes it for granted that a copy moves all that it was asked to move. */
  static final class ShortCopyIsTakenForWhole extends MemoryVolume {
    private final StepProbe probe;

    ShortCopyIsTakenForWhole(MemoryPool pool, VolumeConfig config, StepProbe probe) {
      super(pool, config);
      this.probe = probe;
    }

    @Override
    void startFrom(MemoryVolume source) throws IOException {
      super.startFrom(source);
      Path session = images.path(images.session().orElseThrow());
      byte[] all = Files.readAllBytes(session);
      Step copy =
          new Step(
              pool.name(), Step.Kind.SYSTEM_CALL, "copy range", session.toString(), List.of("EIO"));
      Optional<String> failure = probe.before(copy);
      if (failure.isPresent()) {
        images.remove(images.session().orElseThrow());
        throw new IOException("copy range: " + failure.get());
      }
      int moved = probe.shortens(copy) ? all.length / 2 : all.length;
      Files.write(session, Arrays.copyOf(Arrays.copyOf(all, moved), all.length));
    }
  }

  /** The session is named before its content is there. */
  static final class SessionBeforeItsContent extends MemoryVolume {
    SessionBeforeItsContent(MemoryPool pool, VolumeConfig config) {
      super(pool, config);
    }

    @Override
    void startFrom(MemoryVolume source) throws IOException {
      try (ImageUse content = source.images.use(Optional.empty());
          ImageUse session = images.make(content.size())) {
        files.create(session.path(), 1);
        String origin = source.images.identity(content.number());
        images.change(catalog -> catalog.with(session.number(), Role.SESSION, origin));
        byte[] bytes = Files.readAllBytes(content.path());
        files.fill(session.path(), () -> Files.write(session.path(), bytes));
      }
    }
  }

  /** Writes down that it is about to remove the volume. */
  static final class RemoveNeedsSpace extends MemoryVolume {
    RemoveNeedsSpace(MemoryPool pool, VolumeConfig config) {
      super(pool, config);
    }

    @Override
    protected void doRemove() throws IOException {
      Path journal = pool.directory().orElseThrow().resolve("journal");
      Files.deleteIfExists(journal);
      files.write(journal, new byte[1 << 13]);
      super.doRemove();
      Files.delete(journal);
    }
  }

  /** Keeps the answer in a file. */
  static final class QuestionNeedsSpace extends MemoryVolume {
    QuestionNeedsSpace(MemoryPool pool, VolumeConfig config) {
      super(pool, config);
    }

    @Override
    protected VolumeUsage doUsage() throws IOException {
      Path cache = Files.createTempFile(pool.directory().orElseThrow(), "cache", "");
      try {
        Files.write(cache, new byte[1 << 13]);
        return super.doUsage();
      } finally {
        Files.delete(cache);
      }
    }
  }

  /** That there is no space is a failure like any other. */
  static final class FullIsAnError extends PoolBugs.WithVolumes {
    FullIsAnError(MemoryPool sound, DriverContext context) {
      super(sound, context, MemoryVolume::new);
    }

    @Override
    protected DriverException explain(IOException failure) {
      return new DriverException(
          Code.IO, String.valueOf(failure.getMessage()), "Try again", failure);
    }
  }

  /** Whatever fails, the pool is said to be full. */
  static final class ErrorIsFull extends PoolBugs.WithVolumes {
    ErrorIsFull(MemoryPool sound, DriverContext context) {
      super(sound, context, MemoryVolume::new);
    }

    @Override
    protected DriverException explain(IOException failure) {
      return new DriverException(
          Code.OUT_OF_SPACE, String.valueOf(failure.getMessage()), "Remove volumes", failure);
    }
  }

  static final class CauseIsNotTold extends PoolBugs.WithVolumes {
    CauseIsNotTold(MemoryPool sound, DriverContext context) {
      super(sound, context, MemoryVolume::new);
    }

    @Override
    protected DriverException explain(IOException failure) {
      DriverException sound = super.explain(failure);
      return new DriverException(sound.code(), "something went wrong", sound.remedy(), failure);
    }
  }
}
