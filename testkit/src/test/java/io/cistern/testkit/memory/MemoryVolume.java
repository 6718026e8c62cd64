package io.cistern.testkit.memory;

import io.cistern.storage.BlockDevice;
import io.cistern.storage.Revision;
import io.cistern.storage.RevisionId;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.VolumeConfig;
import io.cistern.storage.VolumeKind;
import io.cistern.storage.VolumeUsage;
import io.cistern.storage.spi.AbstractVolume;
import io.cistern.storage.spi.CopyProgress;
import io.cistern.storage.spi.DriverException;
import io.cistern.storage.spi.PinnedContent;
import io.cistern.storage.spi.SessionForm;
import io.cistern.testkit.memory.Catalog.Role;
import io.cistern.testkit.memory.VolumeImages.ImageUse;
import java.io.IOException;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** A volume: every change makes an image aside, and then switches to a catalogue that names it. */
class MemoryVolume extends AbstractVolume {
  final MemoryPool pool;
  final MemoryFiles files;
  final VolumeImages images;
  volatile Optional<ImageUse> imported = Optional.empty();

  MemoryVolume(MemoryPool pool, VolumeConfig config) {
    super(pool, config);
    this.pool = pool;
    this.files = pool.files();
    this.images = pool.images(config.vid());
  }

  @Override
  protected void doCreate(long size) throws IOException {
    try (ImageUse image = images.make(size)) {
      files.create(image.path(), size);
      files.sync(image.path());
      images.change(catalog -> catalog.withContent(image.number(), Optional.empty()));
    }
  }

  @Override
  protected void doStart(Optional<AbstractVolume> source) throws IOException {
    if (isInPlace()) {
      images.change(catalog -> catalog.with(catalog.content().orElseThrow(), Role.IN_PLACE));
    } else if (kind() == VolumeKind.VOLATILE) {
      startEmpty(nominalSize().orElseThrow());
    } else {
      startFrom((MemoryVolume) source.orElse(this));
    }
  }

  void startEmpty(long size) throws IOException {
    try (ImageUse session = images.make(size)) {
      files.create(session.path(), size);
      images.change(catalog -> catalog.with(session.number(), Role.SESSION));
    }
  }

  void startFrom(MemoryVolume source) throws IOException {
    try (ImageUse content = source.images.use(Optional.empty());
        ImageUse session = images.make(content.size())) {
      files.copy(content.path(), session.path());
      if (kind().saveOnStop()) {
        files.sync(session.path());
      }
      String origin = source.images.identity(content.number());
      Role role = kind().saveOnStop() && !config().rw() ? Role.DROPPED : Role.SESSION;
      images.change(catalog -> catalog.with(session.number(), role, origin));
    }
  }

  @Override
  protected void doCommit(int revisionsToKeep) throws IOException {
    long session = images.session().orElseThrow();
    files.sync(images.path(session));
    if (doSession() == SessionForm.IN_PLACE) {
      renumber(session, Optional.empty());
    } else {
      replaceContent(session, revisionsToKeep);
    }
  }

  /** Makes an image that is complete and synced the content: the switch of a commit. */
  void replaceContent(long number, int revisionsToKeep) throws IOException {
    Optional<Instant> kept = revisionsToKeep > 0 ? Optional.of(pool.now()) : Optional.empty();
    images.change(catalog -> catalog.withContent(number, kept).pruned(revisionsToKeep));
  }

  @Override
  protected void doDiscard() throws IOException {
    images.remove(images.session().orElseThrow());
  }

  @Override
  protected void doRemove() throws IOException {
    images.removeAll();
  }

  @Override
  protected void doResize(long size) throws IOException {
    try (ImageUse content = images.use(Optional.empty());
        ImageUse image = images.make(size)) {
      files.copy(content.path(), image.path());
      files.resize(image.path(), size);
      files.sync(image.path());
      images.change(catalog -> catalog.withContent(image.number(), Optional.empty()));
    }
  }

  @Override
  protected void doResizeSession(long size) throws IOException {
    Path session = images.path(images.session().orElseThrow());
    files.resize(session, size);
    if (kind().saveOnStop()) {
      files.sync(session);
    }
  }

  @Override
  protected void doRevert(RevisionId id, boolean keepReplaced) throws IOException {
    renumber(id.number(), keepReplaced ? Optional.of(pool.now()) : Optional.empty());
  }

  /** Makes an image the content under a number of its own: it is another content than before. */
  private void renumber(long number, Optional<Instant> keepReplacedAs) throws IOException {
    try (ImageUse image = images.make(images.size(Optional.of(number)).orElseThrow())) {
      files.link(images.path(number), image.path());
      images.change(
          catalog ->
              catalog.withContent(image.number(), keepReplacedAs).with(number, Role.LEFTOVER));
    }
  }

  @Override
  protected void doRemoveRevision(RevisionId id) throws IOException {
    images.remove(id.number());
  }

  @Override
  protected Path doBeginImport(long size) throws IOException {
    ImageUse image = images.make(size);
    imported = Optional.of(image);
    files.create(image.path(), size);
    return image.path();
  }

  @Override
  protected void doFillImport(
      Path target, ReadableByteChannel channel, long size, CopyProgress progress)
      throws IOException {
    files.fill(target, () -> super.doFillImport(target, channel, size, progress));
  }

  @Override
  protected void doCommitImport(int revisionsToKeep) throws IOException {
    ImageUse image = imported.orElseThrow();
    Optional<String> holder = pool.disk().holder(image.path());
    if (holder.isPresent()) {
      throw new DriverException(
          Code.VOLUME_IN_USE,
          "%s has %s open".formatted(holder.get(), image.path()),
          "Close it, then commit again");
    }
    files.resize(image.path(), pool.rounded(Files.size(image.path())));
    files.sync(image.path());
    replaceContent(image.number(), revisionsToKeep);
    doAbortImport(); // Ends the use; the image is the content now, so that it stays.
  }

  @Override
  protected void doAbortImport() throws IOException {
    imported.ifPresent(ImageUse::close);
    imported = Optional.empty();
  }

  @Override
  protected SessionForm doSession() throws IOException {
    Catalog catalog = images.catalog();
    Optional<Long> session = images.session();
    if (session.isEmpty()) {
      return SessionForm.NONE;
    }
    if (session.equals(catalog.find(Role.IN_PLACE))) {
      return SessionForm.IN_PLACE;
    }
    return session.equals(catalog.find(Role.DROPPED)) ? SessionForm.DROPPED : SessionForm.APART;
  }

  @Override
  protected Optional<String> doHolder() throws IOException {
    return images.session().map(images::path).flatMap(pool.disk()::holder);
  }

  @Override
  protected String describeImage() {
    return "the image of its content in " + images;
  }

  @Override
  protected OptionalLong doCommittedSize() throws IOException {
    return images.size(images.catalog().content());
  }

  @Override
  protected OptionalLong doSessionSize() throws IOException {
    return images.size(images.session());
  }

  @Override
  protected List<Revision> doRevisions() throws IOException {
    List<Revision> revisions = new ArrayList<>();
    Catalog catalog = images.catalog();
    for (long number : catalog.revisions()) {
      OptionalLong size = images.size(Optional.of(number));
      if (size.isPresent()) {
        Instant created = Instant.parse(catalog.images().get(number).note());
        revisions.add(new Revision(new RevisionId(number), created, size));
      }
    }
    return revisions;
  }

  @Override
  protected VolumeUsage doUsage() throws IOException {
    OptionalLong session = doSessionSize();
    long revisions = 0;
    for (Revision revision : doRevisions()) {
      revisions += revision.size().orElse(0);
    }
    return new VolumeUsage(
        session.isPresent() ? session : doCommittedSize(),
        OptionalLong.empty(),
        OptionalLong.of(revisions));
  }

  @Override
  protected BlockDevice doBlockDevice() throws IOException {
    Path image = images.path(images.session().orElseThrow());
    return new BlockDevice(image, BlockDevice.Type.FILE, config().rw());
  }

  @Override
  protected boolean doOutdated(AbstractVolume source) throws IOException {
    Catalog catalog = images.catalog();
    Optional<Long> session = catalog.find(Role.SESSION, Role.DROPPED);
    String made = session.map(n -> catalog.images().get(n).note()).orElse("");
    VolumeImages theirs = ((MemoryVolume) source).images;
    Optional<Long> content = theirs.catalog().content();
    return content.isEmpty() || !theirs.identity(content.get()).equals(made);
  }

  @Override
  protected PinnedContent doExport(Optional<RevisionId> revision) throws IOException {
    try (ImageUse content = images.use(revision)) {
      ImageUse copy = images.make(content.size());
      try {
        files.copy(content.path(), copy.path());
        return copy;
      } catch (IOException | RuntimeException e) {
        copy.close();
        throw e;
      }
    }
  }

  @Override
  protected PinnedContent doPin() throws IOException {
    return images.use(Optional.empty());
  }
}
