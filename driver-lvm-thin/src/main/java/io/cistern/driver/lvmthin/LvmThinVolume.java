package io.cistern.driver.lvmthin;

import io.cistern.driver.lvmthin.ThinPoolReport.ReportedPool;
import io.cistern.linux.CommandPendingException;
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
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** A volume as logical volumes of one thin pool. */
final class LvmThinVolume extends AbstractVolume {
  private final LvmThinPool pool;
  private final VolumeLvs lvs;
  private final ThinSession sessions;
  private final ThinImport imports;
  private final ThinExports exports;

  LvmThinVolume(LvmThinPool pool, VolumeConfig config) {
    super(pool, config);
    this.pool = pool;
    this.lvs = new VolumeLvs(pool, config.vid());
    this.sessions = new ThinSession(pool, lvs);
    this.imports = new ThinImport(pool, lvs);
    this.exports = new ThinExports(pool, lvs);
  }

  VolumeLvs lvs() {
    return lvs;
  }

  void unpin(String content) {
    exports.unpin(content);
  }

  private ThinLv content(VolumeView view) throws DriverException {
    return view.content()
        .orElseThrow(
            () ->
                new DriverException(
                    Code.VOLUME_NOT_FOUND,
                    describeImage() + " is missing",
                    "Create the volume, import into it, or restore the logical volume"));
  }

  private static ThinLv revision(VolumeView view, RevisionId id) throws DriverException {
    return view.revisions().stream()
        .filter(lv -> lv.number() == id.number())
        .findFirst()
        .orElseThrow(
            () ->
                new DriverException(
                    Code.NO_SUCH_REVISION,
                    "there is no revision %s".formatted(id),
                    "There are " + view.revisions().stream().map(ThinLv::number).toList()));
  }

  @Override
  protected void doCreate(long size) throws IOException {
    VolumeView view = lvs.settledWithoutContent();
    pool.checkRoom();
    List<String> tags = view.successorTags().texts();
    lvs.named(view, lvs.names().content(), name -> pool.commands().create(name, size, tags));
  }

  @Override
  protected void doStart(Optional<AbstractVolume> source) throws IOException {
    VolumeView view = lvs.settled();
    if (isInPlace()) {
      pool.checkZeroes();
      sessions.startInPlace(content(view));
      return;
    }
    pool.checkRoom();
    if (source.isPresent()) {
      LvmThinVolume from = (LvmThinVolume) source.get();
      sessions.startFromSource(view, from::readContent, config().rw(), kind().saveOnStop());
    } else if (kind() == VolumeKind.VOLATILE) {
      sessions.startEmpty(view, nominalSize().orElseThrow());
    } else {
      sessions.startFromOwn(view, content(view), config().rw());
    }
  }

  private void readContent(ThinSession.Reader reader) throws IOException {
    lvs.reading(
        view -> {
          reader.read(content(view));
          return view;
        });
  }

  @Override
  protected void doContinue() throws IOException {
    VolumeView view = lvs.settled();
    pool.checkZeroes();
    sessions.resume(view);
  }

  @Override
  protected void doCommit(int revisionsToKeep) throws IOException {
    pool.room().look();
    endSession(() -> sessions.commit(lvs.settled(), revisionsToKeep));
  }

  @Override
  protected void doDiscard() throws IOException {
    endSession(() -> sessions.discard(lvs.settled()));
  }

  private interface Ending {
    void run() throws IOException;
  }

  /** A command that hangs may end the session yet, and one that was not made durable has. */
  private void endSession(Ending ending) throws IOException {
    try {
      ending.run();
    } catch (IOException e) {
      if (e instanceof CommandPendingException || isSessionGone(e)) {
        forgetStart();
      }
      throw e;
    }
  }

  private boolean isSessionGone(IOException failure) {
    try {
      return doSession() == SessionForm.NONE;
    } catch (IOException e) {
      failure.addSuppressed(e);
      return false;
    }
  }

  @Override
  protected void doRemove() throws IOException {
    // What is no longer needed may serve as the tombstone, but not while it is being removed.
    pool.reclaimer().undisturbed(lvs::bury);
    sessions.forget();
    pool.reclaimer().wake();
  }

  @Override
  protected void doResize(long size) throws IOException {
    VolumeView view = lvs.settled();
    ThinLv content = content(view);
    pool.checkRoom();
    ThinResize resize = new ThinResize(pool, thinPool(view));
    lvs.replaceBySnapshot(
        view,
        content,
        view.successorTags(),
        next -> {
          pool.devices().awaitPath(next);
          resize.run(next, content.size(), size);
        },
        Retention.NONE_MADE);
  }

  static ReportedPool thinPool(VolumeView view) {
    return view.report().pool().orElseThrow();
  }

  @Override
  protected void doResizeSession(long size) throws IOException {
    VolumeView view = lvs.settled();
    ThinLv written = view.written().orElseThrow();
    if (size > written.size()) {
      pool.checkRoom();
      lvs.activate(written.name());
      new ThinResize(pool, thinPool(view)).run(written.name(), written.size(), size);
    }
  }

  @Override
  protected void doRevert(RevisionId id, boolean keepReplaced) throws IOException {
    VolumeView view = lvs.settled();
    ThinLv chosen = revision(view, id);
    pool.checkRoom();
    LvTags tags = view.successorTags().from(chosen.tags().content());
    Retention retention = keepReplaced ? Retention.ONE_MORE : Retention.NONE_MADE;
    lvs.replaceBySnapshot(view, chosen, tags, next -> {}, retention);
  }

  @Override
  protected void doRemoveRevision(RevisionId id) throws IOException {
    VolumeView view = lvs.settled();
    ThinLv revision = revision(view, id);
    if (!view.givenUp().isEmpty()) {
      // What says that they are given up may be the name that is lost now.
      lvs.giveUp(view);
    }
    lvs.keepNumber(view, revision);
    lvs.drop(revision);
  }

  @Override
  protected Path doBeginImport(long size) throws IOException {
    return imports.begin(size);
  }

  @Override
  protected void doFillImport(
      Path target, ReadableByteChannel channel, long size, CopyProgress progress)
      throws IOException {
    try {
      super.doFillImport(target, channel, size, imports.watching(progress));
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  @Override
  protected void doImportContent(PinnedContent source, long size, CopyProgress progress)
      throws IOException {
    if (source instanceof PinnedLv pinned && pinned.volume().pool == pool) {
      imports.share(pinned);
      progress.copied(size, size);
    } else {
      super.doImportContent(source, size, progress);
    }
  }

  @Override
  protected void doCommitImport(int revisionsToKeep) throws IOException {
    imports.commit(revisionsToKeep);
  }

  @Override
  protected void doAbortImport() throws IOException {
    imports.abort();
  }

  @Override
  protected SessionForm doSession() throws IOException {
    VolumeView view = lvs.view();
    if (view.isInPlace()) {
      return SessionForm.IN_PLACE;
    }
    return view.session()
        .map(lv -> lv.tags().readOnly() ? SessionForm.DROPPED : SessionForm.APART)
        .orElse(SessionForm.NONE);
  }

  @Override
  protected Optional<String> doHolder() throws IOException {
    Optional<ThinLv> written = lvs.view().written();
    return written.isPresent()
        ? new LvHolders(pool.devices()).of(written.get().name())
        : Optional.empty();
  }

  @Override
  protected String describeImage() {
    return "the logical volume %s/%s"
        .formatted(pool.parameters().volumeGroup(), lvs.names().content());
  }

  @Override
  protected OptionalLong doCommittedSize() throws IOException {
    return size(lvs.view().content());
  }

  @Override
  protected OptionalLong doSessionSize() throws IOException {
    return size(lvs.view().written());
  }

  private static OptionalLong size(Optional<ThinLv> lv) {
    return lv.stream().mapToLong(ThinLv::size).findFirst();
  }

  @Override
  protected List<Revision> doRevisions() throws IOException {
    return lvs.view().revisions().stream()
        .map(
            lv ->
                new Revision(
                    new RevisionId(lv.number()),
                    ContentSwitch.created(lv),
                    OptionalLong.of(lv.size())))
        .toList();
  }

  @Override
  protected VolumeUsage doUsage() throws IOException {
    VolumeView view = lvs.view();
    Optional<ThinLv> own = view.written().or(view::content);
    OptionalLong used =
        own.isPresent() ? pool.devices().mapped(own.get().name()) : OptionalLong.empty();
    return new VolumeUsage(used, OptionalLong.empty(), exports.mapped(view.revisions()));
  }

  @Override
  protected BlockDevice doBlockDevice() throws IOException {
    return new BlockDevice(sessions.path(), BlockDevice.Type.BLOCK, config().rw());
  }

  @Override
  protected boolean doOutdated(AbstractVolume source) throws IOException {
    Optional<String> madeFrom = lvs.view().session().flatMap(lv -> lv.tags().from());
    Optional<String> now =
        ((LvmThinVolume) source).lvs.view().content().map(lv -> lv.tags().identity());
    return !madeFrom.equals(now);
  }

  @Override
  protected PinnedContent doExport(Optional<RevisionId> revision) throws IOException {
    return exports.export(
        view -> revision.isPresent() ? revision(view, revision.get()) : content(view));
  }

  @Override
  protected PinnedContent doPin() throws IOException {
    return exports.pin(this, this::content);
  }
}
