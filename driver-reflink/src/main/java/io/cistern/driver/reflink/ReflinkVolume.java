package io.cistern.driver.reflink;

import io.cistern.driver.reflink.ImageNames.Unfinished;
import io.cistern.linux.CopyListener;
import io.cistern.linux.Directory;
import io.cistern.linux.DurableFiles;
import io.cistern.linux.FileStatus;
import io.cistern.linux.LoopDevice;
import io.cistern.linux.LoopDevices;
import io.cistern.linux.OpenFile;
import io.cistern.linux.Undo;
import io.cistern.storage.BlockDevice;
import io.cistern.storage.Revision;
import io.cistern.storage.RevisionId;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.VolumeConfig;
import io.cistern.storage.VolumeUsage;
import io.cistern.storage.spi.AbstractVolume;
import io.cistern.storage.spi.CopyProgress;
import io.cistern.storage.spi.DriverException;
import io.cistern.storage.spi.PinnedContent;
import io.cistern.storage.spi.SessionForm;
import java.io.IOException;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A volume as image files in one directory. */
final class ReflinkVolume extends AbstractVolume {
  private static final Logger log = LoggerFactory.getLogger(ReflinkVolume.class);
  private static final int PERMISSIONS = 0777;
  private static final int OWNER_WRITES = 0600;

  private final ReflinkPool pool;
  private final ImageNames names;
  private final Exports exports;
  private final ImageQuestions questions;
  private final ImageImport imports;
  private final ContentSwitch contentSwitch;

  ReflinkVolume(ReflinkPool pool, VolumeConfig config) {
    super(pool, config);
    this.pool = pool;
    this.names = ImageNames.of(config.vid());
    this.exports = new Exports(pool, names);
    this.questions = new ImageQuestions(pool, names);
    this.imports = new ImageImport(pool, names);
    this.contentSwitch = new ContentSwitch(pool, names);
  }

  @Override
  protected void doCreate(long size) throws IOException {
    pool.change(
        names,
        true,
        directory -> {
          sweep(directory);
          Directory files = directory.directory();
          String unfinished = names.unfinished(Unfinished.CREATE);
          try (OpenFile image = DurableFiles.make(files, unfinished, size);
              Undo undo = new Undo()) {
            undo.push(() -> files.unlinkIfPresent(unfinished));
            image.sync();
            DurableFiles.move(files, unfinished, names.clean());
            undo.push(() -> files.unlinkIfPresent(names.clean()));
            files.sync();
            undo.disarm();
          }
        });
  }

  @Override
  protected void doStart(Optional<AbstractVolume> source) throws IOException {
    boolean durable = kind().saveOnStop();
    pool.change(
        names,
        durable,
        directory -> {
          sweep(directory);
          boolean dropped = durable && !config().rw();
          StartProtocol protocol = new StartProtocol(directory, durable, dropped);
          if (source.isPresent()) {
            snapshot(protocol, (ReflinkVolume) source.get());
          } else if (!durable) {
            protocol.empty(nominalSize().orElseThrow());
          } else {
            startOrigin(directory, protocol);
          }
        });
  }

  private void snapshot(StartProtocol protocol, ReflinkVolume source) throws IOException {
    try (VolumeDirectory directory = pool.existing(source.names);
        OpenFile content = directory.openClean()) {
      ContentIdentity identity = ContentIdentity.of(content);
      protocol.from(content, Optional.of(identity), pool.expectation());
    }
  }

  private void startOrigin(VolumeDirectory directory, StartProtocol protocol) throws IOException {
    try (OpenFile content = directory.openClean()) {
      if (!isInPlace()) {
        protocol.from(content, Optional.empty(), pool.expectation());
        return;
      }
      FileStatus status = content.status();
      if (status.links() > 1) {
        // An export may be another name of this image, whose content must not change.
        replaceClean(directory, content, status.size());
      } else if ((status.mode() & PERMISSIONS) != OWNER_WRITES) {
        content.changeMode(OWNER_WRITES);
      }
    }
    protocol.inPlace();
  }

  @Override
  protected void doCommit(int revisionsToKeep) throws IOException {
    try (VolumeDirectory directory = pool.existing(names)) {
      SessionForm there = questions.session();
      if (there == SessionForm.IN_PLACE) {
        sweep(directory);
        endInPlace(directory);
      } else if (there == SessionForm.NONE && contentSwitch.unfinished().isPresent()) {
        contentSwitch.finish(directory, revisionsToKeep);
      } else {
        VolumeFiles files = sweep(directory);
        try (OpenFile dirty = directory.openDirty()) {
          dirty.sync();
        }
        contentSwitch.sessionIn(directory, files, revisionsToKeep);
      }
    }
  }

  private void endInPlace(VolumeDirectory directory) throws IOException {
    try (OpenFile image = directory.openDirty()) {
      ContentIdentity.renew(image);
      image.sync();
    }
    DurableFiles.remove(directory.directory(), names.dirty());
    contentSwitch.syncEndInPlace(directory);
  }

  @Override
  protected void doDiscard() throws IOException {
    Optional<VolumeDirectory> present = pool.open(names);
    if (present.isPresent()) {
      try (VolumeDirectory directory = present.get()) {
        contentSwitch.checkNotCommitted(directory);
        directory.remove(names.dirty());
        if (kind().saveOnStop()) {
          contentSwitch.syncDiscard(directory);
        }
        sweepQuietly(directory);
      }
    }
  }

  @Override
  protected void doRemove() throws IOException {
    pool.tidy(
        names,
        directory -> {
          sweep(directory);
          new RemoveProtocol(directory).run();
        });
  }

  @Override
  protected void doResize(long size) throws IOException {
    try (VolumeDirectory directory = pool.existing(names);
        OpenFile content = directory.openClean()) {
      sweep(directory);
      replaceClean(directory, content, size);
    }
  }

  /** Makes a copy of the committed image, of that size, the committed image. */
  private void replaceClean(VolumeDirectory directory, OpenFile content, long size)
      throws IOException {
    Directory files = directory.directory();
    String unfinished = names.unfinished(Unfinished.RESIZE);
    try (OpenFile image =
            DurableFiles.cloneOrCopy(
                content, files, unfinished, CopyListener.none(), pool.expectation());
        Undo undo = new Undo()) {
      undo.push(() -> files.unlinkIfPresent(unfinished));
      if (image.size() != size) {
        DurableFiles.resize(image, size);
      }
      image.sync();
      DurableFiles.replace(files, unfinished, names.clean());
      undo.disarm();
    }
    contentSwitch.syncSwitch(directory);
  }

  @Override
  protected void doResizeSession(long size) throws IOException {
    try (VolumeDirectory directory = pool.existing(names);
        OpenFile dirty = directory.openDirty()) {
      // Before anything grows: that they can't be told must not leave a half-made change.
      LoopDevices loops = pool.linux().loopDevices();
      List<LoopDevice> bound = loops.backedBy(dirty.status());
      if (dirty.size() != size) {
        DurableFiles.resize(dirty, size);
      }
      if (kind().saveOnStop()) {
        dirty.sync();
      }
      for (LoopDevice loop : bound) {
        loops.refreshCapacity(loop);
        log.info("resized {} with its image {}", loop.path(), dirty);
      }
    }
  }

  @Override
  protected void doRevert(RevisionId id, boolean keepReplaced) throws IOException {
    try (VolumeDirectory directory = pool.existing(names)) {
      contentSwitch.revisionIn(directory, sweep(directory), id, keepReplaced);
    }
  }

  @Override
  protected void doRemoveRevision(RevisionId id) throws IOException {
    try (VolumeDirectory directory = pool.existing(names)) {
      new Revisions(directory, sweep(directory), pool.holders()).remove(id);
    }
  }

  @Override
  protected Path doBeginImport(long size) throws IOException {
    pool.change(
        names,
        true,
        directory -> {
          sweep(directory);
          imports.make(directory, size);
        });
    return pool.path(names, names.imported());
  }

  @Override
  protected void doFillImport(
      Path target, ReadableByteChannel channel, long size, CopyProgress progress)
      throws IOException {
    imports.fill(channel, size, progress);
  }

  @Override
  protected void doImportContent(PinnedContent source, long size, CopyProgress progress)
      throws IOException {
    pool.change(
        names,
        true,
        directory -> {
          sweep(directory);
          imports.copy(source, directory, progress);
        });
  }

  @Override
  protected void doCommitImport(int revisionsToKeep) throws IOException {
    try (VolumeDirectory directory = pool.existing(names)) {
      imports.finish(directory);
      contentSwitch.importedIn(directory, revisionsToKeep);
    }
  }

  @Override
  protected void doAbortImport() throws IOException {
    pool.tidy(names, imports::remove);
  }

  @Override
  protected SessionForm doSession() throws IOException {
    Optional<SessionForm> unfinished = contentSwitch.unfinished();
    return unfinished.isPresent() ? unfinished.get() : questions.session();
  }

  @Override
  protected Optional<String> doHolder() throws IOException {
    return questions.holder();
  }

  @Override
  protected String describeImage() {
    return "the image " + pool.path(names, names.clean());
  }

  @Override
  protected OptionalLong doCommittedSize() throws IOException {
    return questions.size(names.clean());
  }

  @Override
  protected OptionalLong doSessionSize() throws IOException {
    return questions.size(names.dirty());
  }

  @Override
  protected List<Revision> doRevisions() throws IOException {
    return questions.revisions();
  }

  @Override
  protected VolumeUsage doUsage() throws IOException {
    return questions.usage();
  }

  @Override
  protected BlockDevice doBlockDevice() throws IOException {
    if (contentSwitch.unfinished().isPresent()) {
      throw new DriverException(
          Code.VOLUME_NOT_FOUND, "its stop has ended the session, but for a sync", "Repeat stop()");
    }
    if (doSessionSize().isEmpty()) {
      throw new DriverException(
          Code.VOLUME_NOT_FOUND,
          "the session's image %s is missing".formatted(pool.path(names, names.dirty())),
          "Find out who removed it; stop(DISCARD) gives the session up");
    }
    Path path = pool.path(names, names.dirty());
    return new BlockDevice(path, BlockDevice.Type.FILE, config().rw());
  }

  @Override
  protected boolean doOutdated(AbstractVolume source) throws IOException {
    return questions.isOutdated(((ReflinkVolume) source).names);
  }

  @Override
  protected PinnedContent doExport(Optional<RevisionId> revision) throws IOException {
    return exports.make(revision, isInPlace());
  }

  @Override
  protected PinnedContent doPin() throws IOException {
    try (VolumeDirectory directory = pool.existing(names)) {
      return ReflinkContent.of(directory.openClean());
    }
  }

  /** Sweeps after what matters is done (rule 1003). */
  private void sweepQuietly(VolumeDirectory directory) {
    try {
      sweep(directory);
    } catch (IOException e) {
      log.warn("{}: leftovers stay until its next change: {}", id(), e.getMessage());
    }
  }

  private VolumeFiles sweep(VolumeDirectory directory) throws IOException {
    contentSwitch.settle(directory);
    return new Sweep(directory, pool.holders(), exports.open()).run();
  }
}
