package io.cistern.driver.file;

import io.cistern.linux.DurableFiles;
import io.cistern.linux.OpenFile;
import io.cistern.linux.Undo;
import io.cistern.storage.BlockDevice;
import io.cistern.storage.Revision;
import io.cistern.storage.RevisionId;
import io.cistern.storage.StorageEvent;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.VolumeConfig;
import io.cistern.storage.VolumeKind;
import io.cistern.storage.VolumeUsage;
import io.cistern.storage.spi.AbstractVolume;
import io.cistern.storage.spi.CopyProgress;
import io.cistern.storage.spi.DriverException;
import io.cistern.storage.spi.PinnedContent;
import io.cistern.storage.spi.SessionForm;
import java.io.IOException;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A volume as files in one directory, and devices on them. */
final class FileVolume extends AbstractVolume {
  private static final Logger log = LoggerFactory.getLogger(FileVolume.class);

  private final FilePool pool;
  private final String vid;
  private final FileNames names;
  private final Questions questions;
  private final ImageImport imports;
  private final VolatileSession volatileSession;

  /** Whether this process has made the device of the session, which is to be there until stop. */
  private volatile boolean hasDevice;

  FileVolume(FilePool pool, VolumeConfig config) {
    super(pool, config);
    this.pool = pool;
    this.vid = config.vid();
    this.names = FileNames.of(vid);
    this.questions = new Questions(this, pool, names);
    this.imports = new ImageImport(pool, names);
    this.volatileSession = new VolatileSession(pool, names);
  }

  Layers layers() throws IOException {
    return pool.layers(vid);
  }

  /** Returns the layers of the source of a snapshot. */
  private Layers sourceLayers() throws IOException {
    return pool.layers(config().source().orElseThrow().vid());
  }

  private Settlement settlement() throws IOException {
    return new Settlement(layers(), pool.openExports());
  }

  private Instant now() {
    return pool.driverContext().clock().instant();
  }

  @Override
  protected void doCreate(long size) throws IOException {
    Layers layers = layers();
    pool.change(
        names,
        true,
        directory -> {
          settlement().run(directory);
          Optional<Recorded> earlier = layers.state().read(directory);
          Recorded made = Recorded.fresh().after(earlier);
          try (OpenFile image =
                  DurableFiles.make(directory.directory(), names.unfinishedBase(), size);
              Undo undo = new Undo()) {
            undo.push(() -> directory.remove(names.unfinishedBase()));
            image.sync();
            undo.push(() -> directory.remove(names.unfinishedState()));
            undo.push(() -> directory.remove(names.state()));
            layers.locked(() -> layers.state().writeLazily(directory, made));
            DurableFiles.move(directory.directory(), names.unfinishedBase(), names.base());
            undo.push(() -> directory.remove(names.base()));
            directory.directory().sync();
            undo.disarm();
          }
        });
  }

  @Override
  protected void doStart(Optional<AbstractVolume> source) throws IOException {
    Layers layers = layers();
    pool.change(
        names,
        kind().saveOnStop(),
        directory -> {
          settlement().run(directory);
          if (source.isPresent()) {
            requireNoContent(directory);
            new SnapshotSession(layers).start(directory, ((FileVolume) source.get()).layers());
          } else if (kind() == VolumeKind.VOLATILE) {
            volatileSession.start(directory, nominalSize().orElseThrow());
          } else {
            new OriginSession(layers).start(directory, config().rw());
            hasDevice = true;
          }
        });
  }

  /** The session of a snapshot would have the names of what belongs to committed content. */
  private void requireNoContent(VolumeDirectory directory) throws DriverException, IOException {
    if (!questions.isOfSnapshot(directory)) {
      throw new DriverException(
          Code.VOLUME_EXISTS,
          "there is committed content, %s, and it is declared as a snapshot"
              .formatted(directory.path(names.base())),
          "Declare it as the origin that it is, or remove it first");
    }
  }

  @Override
  protected void doContinue() throws IOException {
    try (VolumeDirectory directory = pool.existing(names)) {
      settlement().run(directory);
      new OriginSession(layers()).resume(directory);
      hasDevice = true;
    }
  }

  @Override
  protected void doCommit(int revisionsToKeep) throws IOException {
    try (VolumeDirectory directory = pool.existing(names)) {
      settlement().run(directory);
      if (hasDevice) {
        new OriginSession(layers()).requireDevice(directory);
      }
      boolean lost = new OriginSession(layers()).commit(directory, revisionsToKeep > 0, now());
      hasDevice = false;
      settlement().runQuietly(directory);
      if (lost) {
        pool.tell(StorageEvent.Type.REVISION_LOST, this);
      }
    }
  }

  @Override
  protected void doDiscard() throws IOException {
    Optional<VolumeDirectory> present = pool.open(names);
    if (present.isEmpty()) {
      return;
    }
    try (VolumeDirectory directory = present.get()) {
      if (kind() == VolumeKind.VOLATILE) {
        volatileSession.discard(directory);
      } else if (questions.isOfSnapshot(directory)) {
        new SnapshotSession(layers()).discard(directory, sourceLayers());
      } else {
        layers().state().settle(directory);
        new OriginSession(layers()).discard(directory);
        hasDevice = false;
        settlement().runQuietly(directory);
      }
    }
  }

  @Override
  protected void doRemove() throws IOException {
    pool.tidy(
        names,
        directory -> {
          layers().state().settle(directory);
          if (questions.isOfSnapshot(directory)) {
            new SnapshotSession(layers()).discard(directory, sourceLayers());
          } else if (kind() == VolumeKind.VOLATILE) {
            requireNoSessionOfOrigin(directory);
          }
          new RemoveProtocol(layers()).run(directory);
        });
  }

  /** That of a volatile volume is elsewhere, and was asked for. */
  private void requireNoSessionOfOrigin(VolumeDirectory directory) throws IOException {
    if (layers().recorded(directory).session() != Recorded.Session.NONE) {
      throw new DriverException(
          Code.VOLUME_DIRTY,
          "%s has a session of an origin, and it is declared as a volatile volume"
              .formatted(directory.path(names.base())),
          "Open the pool anew, declare it as the origin that it is, and stop it");
    }
  }

  @Override
  protected void doResize(long size) throws IOException {
    Layers layers = layers();
    try (VolumeDirectory directory = pool.existing(names)) {
      settlement().run(directory);
      layers.locked(() -> resize(layers, directory, size));
    }
  }

  private static void resize(Layers layers, VolumeDirectory directory, long size)
      throws IOException {
    Recorded before = layers.recorded(directory);
    try (OpenFile base = directory.openBaseForWriting(Code.VOLUME_NOT_FOUND);
        Undo undo = new Undo()) {
      long present = base.status().size();
      layers.state().write(directory, before.changed(), layers.state().read(directory));
      undo.push(() -> layers.state().write(directory, before, Optional.of(before.changed())));
      undo.push(() -> base.truncate(present));
      DurableFiles.resize(base, size);
      base.sync();
      undo.disarm();
    }
  }

  @Override
  protected void doResizeSession(long size) throws IOException {
    try (VolumeDirectory directory = pool.existing(names)) {
      if (kind() == VolumeKind.VOLATILE) {
        volatileSession.grow(directory, size);
      } else if (questions.isOfSnapshot(directory)) {
        new SnapshotSession(layers()).grow(directory, size);
      } else {
        new OriginSession(layers()).grow(directory, size);
      }
    }
  }

  @Override
  protected void doRevert(RevisionId id, boolean keepReplaced) throws IOException {
    try (VolumeDirectory directory = pool.existing(names)) {
      settlement().run(directory);
      new Reversal(layers()).run(directory, keepReplaced, now());
      settlement().runQuietly(directory);
    }
  }

  @Override
  protected void doRemoveRevision(RevisionId id) throws IOException {
    Layers layers = layers();
    try (VolumeDirectory directory = pool.existing(names)) {
      settlement().run(directory);
      layers.locked(
          () -> {
            Recorded before = layers.recorded(directory);
            layers
                .state()
                .write(directory, before.withoutRevision(), layers.state().read(directory));
            removeOldFiles(directory);
          });
    }
  }

  /** The revision is gone by now (rule 1003); the next commit replaces what stays. */
  private void removeOldFiles(VolumeDirectory directory) {
    try {
      directory.remove(names.oldStore());
      directory.remove(names.oldBase());
    } catch (IOException e) {
      log.warn("{}: a file of the removed revision stays until the next commit", id(), e);
    }
  }

  @Override
  protected Path doBeginImport(long size) throws IOException {
    pool.change(
        names,
        true,
        directory -> {
          settlement().run(directory);
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
          settlement().run(directory);
          imports.copy(source, directory, progress);
        });
  }

  @Override
  protected void doCommitImport(int revisionsToKeep) throws IOException {
    try (VolumeDirectory directory = pool.existing(names)) {
      imports.commit(directory, layers(), revisionsToKeep > 0, now());
      settlement().runQuietly(directory);
    }
  }

  @Override
  protected void doAbortImport() throws IOException {
    pool.tidy(names, imports::remove);
  }

  @Override
  protected SessionForm doSession() throws IOException {
    return questions.session();
  }

  @Override
  protected Optional<String> doHolder() throws IOException {
    return questions.holder();
  }

  @Override
  protected String describeImage() {
    return "the image " + pool.path(names, names.base());
  }

  /** What a volatile volume is beside is nothing that its session could be of. */
  @Override
  protected OptionalLong doCommittedSize() throws IOException {
    return kind() == VolumeKind.VOLATILE ? OptionalLong.empty() : questions.committedSize();
  }

  @Override
  protected OptionalLong doSessionSize() throws IOException {
    return questions.sessionSize();
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
    return questions.blockDevice();
  }

  @Override
  protected boolean doOutdated(AbstractVolume source) throws IOException {
    return questions.isOutdated(((FileVolume) source).layers());
  }

  @Override
  protected PinnedContent doExport(Optional<RevisionId> revision) throws IOException {
    return new Exports(layers()).export(revision);
  }

  @Override
  protected PinnedContent doPin() throws IOException {
    return new Exports(layers()).pin();
  }
}
