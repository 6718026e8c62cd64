package io.cistern.testkit.memory;

import io.cistern.storage.BlockDevice;
import io.cistern.storage.RevisionId;
import io.cistern.storage.VolumeConfig;
import io.cistern.storage.VolumeKind;
import io.cistern.storage.spi.AbstractVolume;
import io.cistern.storage.spi.DriverContext;
import io.cistern.storage.spi.PinnedContent;
import io.cistern.storage.spi.SessionForm;
import io.cistern.testkit.memory.Catalog.Role;
import io.cistern.testkit.memory.VolumeImages.ImageUse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Volumes with one bug each, which shows only at the wrong moment or beside the volume. */
final class ProtocolBugs {
  private ProtocolBugs() {}

  /** For a moment there is no content. */
  static final class CommitInTwoSteps extends MemoryVolume {
    CommitInTwoSteps(MemoryPool pool, VolumeConfig config) {
      super(pool, config);
    }

    @Override
    void replaceContent(long number, int revisionsToKeep) throws IOException {
      Optional<Long> old = images.catalog().content();
      if (old.isPresent() && revisionsToKeep > 0) {
        String now = pool.now().toString();
        images.change(catalog -> catalog.with(old.get(), Role.REVISION, now));
      }
      super.replaceContent(number, revisionsToKeep);
    }
  }

  /** What a revert replaces goes first, so that a crash leaves no content. */
  static final class RevertRemovesFirst extends MemoryVolume {
    RevertRemovesFirst(MemoryPool pool, VolumeConfig config) {
      super(pool, config);
    }

    @Override
    protected void doRevert(RevisionId id, boolean keepReplaced) throws IOException {
      Optional<Long> replaced = images.catalog().content();
      if (replaced.isPresent()) {
        Role role = keepReplaced ? Role.REVISION : Role.LEFTOVER;
        String now = pool.now().toString();
        images.change(catalog -> catalog.with(replaced.get(), role, now));
      }
      super.doRevert(id, keepReplaced);
    }
  }

  /** Something can fail after the switch; then what was committed is undone. */
  static final class UndoAfterTheSwitch extends MemoryVolume {
    UndoAfterTheSwitch(MemoryPool pool, VolumeConfig config) {
      super(pool, config);
    }

    @Override
    void replaceContent(long number, int revisionsToKeep) throws IOException {
      super.replaceContent(number, revisionsToKeep);
      try {
        files.resize(images.path(number), images.size(Optional.of(number)).orElseThrow());
      } catch (IOException e) {
        images.remove(number);
        throw e;
      }
    }
  }

  /** The content goes last, so a crash leaves a volume without its revisions. */
  static final class RemoveBitByBit extends MemoryVolume {
    RemoveBitByBit(MemoryPool pool, VolumeConfig config) {
      super(pool, config);
    }

    @Override
    protected void doRemove() throws IOException {
      for (long revision : images.catalog().revisions()) {
        images.remove(revision);
      }
      super.doRemove();
    }
  }

  /** The VM writes what was committed. */
  static final class SessionIsTheContent extends MemoryVolume {
    SessionIsTheContent(MemoryPool pool, VolumeConfig config) {
      super(pool, config);
    }

    @Override
    void startFrom(MemoryVolume source) throws IOException {
      super.startFrom(source);
      if (source == this) {
        Path session = images.path(images.session().orElseThrow());
        Files.delete(session);
        Files.createLink(session, images.path(images.catalog().content().orElseThrow()));
      }
    }
  }

  static final class DiscardNeedsSpace extends MemoryVolume {
    DiscardNeedsSpace(MemoryPool pool, VolumeConfig config) {
      super(pool, config);
    }

    @Override
    protected void doDiscard() throws IOException {
      long session = images.session().orElseThrow();
      images.change(catalog -> catalog.with(session, Role.LEFTOVER));
    }
  }

  /** A second start of an origin snapshot goes on from its own content. */
  static final class OriginSnapshotGoesOn extends MemoryVolume {
    OriginSnapshotGoesOn(MemoryPool pool, VolumeConfig config) {
      super(pool, config);
    }

    @Override
    void startFrom(MemoryVolume source) throws IOException {
      boolean goesOn = kind() == VolumeKind.ORIGIN_SNAPSHOT && doCommittedSize().isPresent();
      super.startFrom(goesOn ? this : source);
    }
  }

  /** Only this process knows of the session in place. */
  static final class InPlaceNotRecorded extends MemoryVolume {
    private boolean running;

    InPlaceNotRecorded(MemoryPool pool, VolumeConfig config) {
      super(pool, config);
    }

    @Override
    protected void doStart(Optional<AbstractVolume> source) throws IOException {
      super.doStart(source);
      if (isInPlace()) {
        hide(Role.CONTENT);
        running = true;
      }
    }

    @Override
    protected SessionForm doSession() throws IOException {
      return running ? SessionForm.IN_PLACE : super.doSession();
    }

    @Override
    protected BlockDevice doBlockDevice() throws IOException {
      Path image = images.path(images.catalog().content().orElseThrow());
      return new BlockDevice(image, BlockDevice.Type.FILE, true);
    }

    @Override
    protected void doCommit(int revisionsToKeep) throws IOException {
      if (running) {
        hide(Role.IN_PLACE);
        running = false;
      }
      super.doCommit(revisionsToKeep);
    }

    private void hide(Role role) throws IOException {
      images.change(catalog -> catalog.with(catalog.content().orElseThrow(), role));
    }
  }

  static final class ImportKeepsNoRevision extends MemoryVolume {
    ImportKeepsNoRevision(MemoryPool pool, VolumeConfig config) {
      super(pool, config);
    }

    @Override
    protected void doCommitImport(int revisionsToKeep) throws IOException {
      super.doCommitImport(0);
    }
  }

  /** Whoever writes to the export writes to the volume. */
  static final class ExportIsTheImage extends MemoryVolume {
    ExportIsTheImage(MemoryPool pool, VolumeConfig config) {
      super(pool, config);
    }

    @Override
    protected PinnedContent doExport(Optional<RevisionId> revision) throws IOException {
      return images.use(revision);
    }
  }

  static final class ExportStaysBehind extends MemoryVolume {
    private final List<ImageUse> left = new ArrayList<>();

    ExportStaysBehind(MemoryPool pool, VolumeConfig config) {
      super(pool, config);
    }

    @Override
    protected PinnedContent doExport(Optional<RevisionId> revision) throws IOException {
      ImageUse content = images.use(revision);
      ImageUse copy = images.make(content.size());
      files.copy(content.path(), copy.path());
      content.close();
      left.add(copy);
      return new Left(copy.path(), copy.size());
    }
  }

  /** What nobody cleans up. */
  record Left(Path path, long size) implements PinnedContent {
    @Override
    public void close() {
      // It stays.
    }
  }

  /** Takes whatever has a number for its own. */
  static final class SweepTakesForeign extends MemoryVolume {
    SweepTakesForeign(MemoryPool pool, VolumeConfig config) {
      super(pool, config);
    }

    @Override
    void replaceContent(long number, int revisionsToKeep) throws IOException {
      super.replaceContent(number, revisionsToKeep);
      try (Stream<Path> all = Files.list(images.path(number).getParent())) {
        for (Path file : all.filter(path -> path.toString().endsWith(".img")).toList()) {
          String name = file.getFileName().toString();
          long found = Long.parseLong(name.substring(0, name.length() - 4));
          if (!images.catalog().images().containsKey(found) && Files.isRegularFile(file)) {
            Files.delete(file);
          }
        }
      }
    }
  }

  /** {@code vm/a-b} and {@code vm-a/b} are one. */
  static final class NamesNotInjective extends PoolBugs.WithVolumes {
    NamesNotInjective(MemoryPool sound, DriverContext context) {
      super(sound, context, MemoryVolume::new);
    }

    @Override
    VolumeImages images(String vid) {
      return super.images(vid.contains("-") ? vid.replace('/', '-') : vid);
    }
  }
}
