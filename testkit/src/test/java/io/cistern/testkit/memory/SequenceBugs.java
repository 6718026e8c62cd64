package io.cistern.testkit.memory;

import io.cistern.storage.RevisionId;
import io.cistern.storage.VolumeConfig;
import io.cistern.storage.spi.SessionForm;
import io.cistern.testkit.memory.Catalog.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** Volumes with one bug each, that it takes a sequence of operations to see. */
final class SequenceBugs {
  private SequenceBugs() {}

  /** Remembers the size of the content, and forgets that a revert may change it. */
  static final class SizeFromStaleState extends MemoryVolume {
    private volatile OptionalLong remembered = OptionalLong.empty();

    SizeFromStaleState(MemoryPool pool, VolumeConfig config) {
      super(pool, config);
    }

    @Override
    protected OptionalLong doCommittedSize() throws IOException {
      OptionalLong known = remembered;
      if (known.isEmpty()) {
        known = super.doCommittedSize();
        remembered = known;
      }
      return known;
    }

    @Override
    protected void doResize(long size) throws IOException {
      super.doResize(size);
      remembered = OptionalLong.empty();
    }

    @Override
    void replaceContent(long number, int revisionsToKeep) throws IOException {
      super.replaceContent(number, revisionsToKeep);
      remembered = OptionalLong.empty();
    }

    @Override
    protected void doRemove() throws IOException {
      super.doRemove();
      remembered = OptionalLong.empty();
    }
  }

  /** The pool remembers one import. */
  static final class SecondImportStealsTheFirst extends MemoryVolume {
    private static final ConcurrentMap<MemoryPool, Path> LATEST = new ConcurrentHashMap<>();

    SecondImportStealsTheFirst(MemoryPool pool, VolumeConfig config) {
      super(pool, config);
    }

    @Override
    protected Path doBeginImport(long size) throws IOException {
      Path path = super.doBeginImport(size);
      LATEST.put(pool, path);
      return path;
    }

    @Override
    protected void doCommitImport(int revisionsToKeep) throws IOException {
      Path own = imported.orElseThrow().path();
      Path latest = LATEST.getOrDefault(pool, own);
      if (!latest.equals(own) && Files.exists(latest)) {
        files.delete(own);
        files.copy(latest, own);
      }
      super.doCommitImport(revisionsToKeep);
    }
  }

  /** What is reverted to keeps its number, and becomes a revision of that number once more. */
  static final class RevertReusesNumber extends MemoryVolume {
    RevertReusesNumber(MemoryPool pool, VolumeConfig config) {
      super(pool, config);
    }

    @Override
    protected void doRevert(RevisionId id, boolean keepReplaced) throws IOException {
      Optional<Instant> kept = keepReplaced ? Optional.of(pool.now()) : Optional.empty();
      images.change(catalog -> catalog.withContent(id.number(), kept));
    }
  }

  /** A session that was continued once is not found again after another crash. */
  static final class SecondCrashLosesSession extends MemoryVolume {
    private static final String CONTINUED = "continued";

    private volatile boolean continuedHere;

    SecondCrashLosesSession(MemoryPool pool, VolumeConfig config) {
      super(pool, config);
    }

    @Override
    protected void doContinue() throws IOException {
      super.doContinue();
      Optional<Long> session = images.catalog().find(Role.SESSION);
      if (session.isPresent()) {
        images.change(catalog -> catalog.with(session.get(), Role.SESSION, CONTINUED));
        continuedHere = true;
      }
    }

    @Override
    protected SessionForm doSession() throws IOException {
      boolean lost =
          !continuedHere
              && images.catalog().images().values().stream()
                  .anyMatch(image -> image.note().equals(CONTINUED));
      return lost ? SessionForm.NONE : super.doSession();
    }
  }
}
