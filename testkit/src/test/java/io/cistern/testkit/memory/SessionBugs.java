package io.cistern.testkit.memory;

import io.cistern.storage.Revision;
import io.cistern.storage.VolumeConfig;
import io.cistern.storage.VolumeKind;
import io.cistern.storage.spi.AbstractVolume;
import io.cistern.storage.spi.SessionForm;
import io.cistern.testkit.memory.Catalog.Role;
import io.cistern.testkit.memory.VolumeImages.ImageUse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Volumes with one bug each, in what a start and a stop do. */
final class SessionBugs {
  private SessionBugs() {}

  /** What a VM wrote comes back at the next start. */
  static final class VolatileKeepsOldContent extends MemoryVolume {
    private byte[] old = {};

    VolatileKeepsOldContent(MemoryPool pool, VolumeConfig config) {
      super(pool, config);
    }

    @Override
    void startEmpty(long size) throws IOException {
      super.startEmpty(size);
      if (old.length == size) {
        Files.write(images.path(images.session().orElseThrow()), old);
      }
    }

    @Override
    protected void doDiscard() throws IOException {
      old = Files.readAllBytes(images.path(images.session().orElseThrow()));
      super.doDiscard();
    }
  }

  /** A snapshot is made of what the source's VM writes, not of what was committed. */
  static final class SnapshotOfDirtyImage extends MemoryVolume {
    SnapshotOfDirtyImage(MemoryPool pool, VolumeConfig config) {
      super(pool, config);
    }

    @Override
    void startFrom(MemoryVolume source) throws IOException {
      super.startFrom(source);
      Optional<Long> dirty = source.images.session();
      if (source != this && dirty.isPresent()) {
        Path session = images.path(images.session().orElseThrow());
        Files.copy(source.images.path(dirty.get()), session, StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }

  /** After a crash, an origin begins with the committed content. */
  static final class CrashLosesSession extends MemoryVolume {
    CrashLosesSession(MemoryPool pool, VolumeConfig config) {
      super(pool, config);
    }

    @Override
    protected void doContinue() throws IOException {
      try (ImageUse content = images.use(Optional.empty())) {
        Path session = images.path(images.session().orElseThrow());
        Files.copy(content.path(), session, StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }

  static final class DiscardCommits extends MemoryVolume {
    DiscardCommits(MemoryPool pool, VolumeConfig config) {
      super(pool, config);
    }

    @Override
    protected void doDiscard() throws IOException {
      if (kind() == VolumeKind.ORIGIN && config().rw()) {
        doCommit(0);
      } else {
        super.doDiscard();
      }
    }
  }

  static final class ReadOnlyCommits extends MemoryVolume {
    ReadOnlyCommits(MemoryPool pool, VolumeConfig config) {
      super(pool, config);
    }

    @Override
    protected void doDiscard() throws IOException {
      if (kind() == VolumeKind.ORIGIN && !config().rw()) {
        doCommit(1);
      } else {
        super.doDiscard();
      }
    }
  }

  /** A stop with nothing to commit is taken for a success. */
  static final class StopWithoutContentSucceeds extends MemoryVolume {
    StopWithoutContentSucceeds(MemoryPool pool, VolumeConfig config) {
      super(pool, config);
    }

    @Override
    protected SessionForm doSession() throws IOException {
      boolean recorded = images.catalog().find(Role.SESSION).isPresent();
      return recorded ? SessionForm.APART : super.doSession();
    }

    @Override
    protected void doCommit(int revisionsToKeep) throws IOException {
      if (super.doSession() != SessionForm.NONE) {
        super.doCommit(revisionsToKeep);
      }
    }
  }

  static final class CommitKeepsNoRevision extends MemoryVolume {
    CommitKeepsNoRevision(MemoryPool pool, VolumeConfig config) {
      super(pool, config);
    }

    @Override
    void replaceContent(long number, int revisionsToKeep) throws IOException {
      images.change(catalog -> catalog.withContent(number, Optional.empty()));
    }
  }

  /** The oldest revisions go before the new content is the content. */
  static final class CommitPrunesFirst extends MemoryVolume {
    CommitPrunesFirst(MemoryPool pool, VolumeConfig config) {
      super(pool, config);
    }

    @Override
    protected void doCommit(int revisionsToKeep) throws IOException {
      if (revisionsToKeep > 0) {
        images.change(catalog -> catalog.pruned(revisionsToKeep - 1));
      }
      super.doCommit(revisionsToKeep);
    }
  }

  static final class CommitNeverPrunes extends MemoryVolume {
    CommitNeverPrunes(MemoryPool pool, VolumeConfig config) {
      super(pool, config);
    }

    @Override
    void replaceContent(long number, int revisionsToKeep) throws IOException {
      super.replaceContent(number, revisionsToKeep == 0 ? 0 : Integer.MAX_VALUE);
    }
  }

  /** A commit also writes into the revision that it makes. */
  static final class RevisionFollowsContent extends MemoryVolume {
    RevisionFollowsContent(MemoryPool pool, VolumeConfig config) {
      super(pool, config);
    }

    @Override
    protected void doCommit(int revisionsToKeep) throws IOException {
      List<Revision> before = doRevisions();
      super.doCommit(revisionsToKeep);
      Path content = images.path(images.catalog().content().orElseThrow());
      for (Revision revision : before) {
        Path image = images.path(revision.id().number());
        if (Files.exists(image)) {
          Files.copy(content, image, StandardCopyOption.REPLACE_EXISTING);
        }
      }
    }
  }

  static final class RevisionsByTheClock extends MemoryVolume {
    RevisionsByTheClock(MemoryPool pool, VolumeConfig config) {
      super(pool, config);
    }

    @Override
    protected List<Revision> doRevisions() throws IOException {
      return super.doRevisions().stream().sorted(Comparator.comparing(Revision::created)).toList();
    }
  }

  static final class HoldersIgnored extends MemoryVolume {
    HoldersIgnored(MemoryPool pool, VolumeConfig config) {
      super(pool, config);
    }

    @Override
    protected Optional<String> doHolder() {
      return Optional.empty();
    }
  }

  /** Tells by the time of the last write, which a revert turns back. */
  static final class OutdatedByTime extends MemoryVolume {
    OutdatedByTime(MemoryPool pool, VolumeConfig config) {
      super(pool, config);
    }

    @Override
    protected boolean doOutdated(AbstractVolume source) throws IOException {
      VolumeImages theirs = ((MemoryVolume) source).images;
      Path content = theirs.path(theirs.catalog().content().orElseThrow());
      Path session = images.path(images.session().orElseThrow());
      return Files.getLastModifiedTime(content).compareTo(Files.getLastModifiedTime(session)) > 0;
    }
  }

  static final class OutdatedByStartOfSource extends MemoryVolume {
    OutdatedByStartOfSource(MemoryPool pool, VolumeConfig config) {
      super(pool, config);
    }

    @Override
    protected boolean doOutdated(AbstractVolume source) throws IOException {
      return super.doOutdated(source) || ((MemoryVolume) source).images.session().isPresent();
    }
  }
}
