package io.cistern.storage.spi;

import io.cistern.storage.BlockDevice;
import io.cistern.storage.Revision;
import io.cistern.storage.RevisionId;
import io.cistern.storage.VolumeConfig;
import io.cistern.storage.VolumeUsage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** A volume that has sizes and revisions, but no content; an import has a file. */
final class FakeVolume extends AbstractVolume {
  private final FakePlace place;
  private final String vid;

  FakeVolume(FakePool pool, VolumeConfig config) {
    super(pool, config);
    this.place = pool.place;
    this.vid = config.vid();
  }

  FakePlace.Images images() {
    return place.images(vid);
  }

  private void step(String primitive) throws IOException {
    place.step(primitive, vid);
  }

  @Override
  protected void doCreate(long size) throws IOException {
    step("doCreate");
    images().committed = OptionalLong.of(size);
  }

  @Override
  protected void doStart(Optional<AbstractVolume> source) throws IOException {
    step("doStart");
    OptionalLong size = source.isPresent() ? source.get().doCommittedSize() : images().committed;
    images().session = size.isPresent() ? size : nominalSize();
    images().form = isInPlace() ? SessionForm.IN_PLACE : SessionForm.APART;
  }

  @Override
  protected void doContinue() throws IOException {
    step("doContinue");
  }

  @Override
  protected void doCommit(int revisionsToKeep) throws IOException {
    step("doCommit");
    switchTo(images().session, revisionsToKeep > 0 && images().form == SessionForm.APART);
    prune(revisionsToKeep);
    forgetSession();
  }

  @Override
  protected void doDiscard() throws IOException {
    step("doDiscard");
    forgetSession();
  }

  @Override
  protected void doRemove() throws IOException {
    step("doRemove");
    place.volumes.remove(vid);
  }

  @Override
  protected void doResize(long size) throws IOException {
    step("doResize");
    images().committed = OptionalLong.of(size);
  }

  @Override
  protected void doResizeSession(long size) throws IOException {
    step("doResizeSession");
    images().session = OptionalLong.of(size);
  }

  @Override
  protected void doRevert(RevisionId id, boolean keepReplaced) throws IOException {
    step("doRevert");
    Revision chosen =
        images().revisions.stream().filter(each -> each.id().equals(id)).findFirst().orElseThrow();
    images().revisions.remove(chosen);
    switchTo(chosen.size(), keepReplaced);
  }

  @Override
  protected void doRemoveRevision(RevisionId id) throws IOException {
    step("doRemoveRevision");
    images().revisions.removeIf(revision -> revision.id().equals(id));
  }

  @Override
  protected Path doBeginImport(long size) throws IOException {
    step("doBeginImport");
    images().importing = OptionalLong.of(size);
    return Files.createTempFile(place.scratch, "import", ".img");
  }

  @Override
  protected void doImportContent(PinnedContent source, long size, CopyProgress progress)
      throws IOException {
    doBeginImport(size);
    step("doImportContent");
    progress.copied(size, size);
  }

  @Override
  protected void doCommitImport(int revisionsToKeep) throws IOException {
    step("doCommitImport");
    switchTo(images().importing, revisionsToKeep > 0);
    prune(revisionsToKeep);
    images().importing = OptionalLong.empty();
  }

  @Override
  protected void doAbortImport() throws IOException {
    step("doAbortImport");
    images().importing = OptionalLong.empty();
  }

  @Override
  protected SessionForm doSession() throws IOException {
    place.meet("doSession", vid);
    return images().form;
  }

  @Override
  protected Optional<String> doHolder() {
    return images().holder;
  }

  @Override
  protected String describeImage() {
    return "the image of " + vid;
  }

  @Override
  protected OptionalLong doCommittedSize() {
    return images().committed;
  }

  @Override
  protected OptionalLong doSessionSize() {
    return images().session;
  }

  @Override
  protected List<Revision> doRevisions() {
    return images().revisions;
  }

  @Override
  protected VolumeUsage doUsage() {
    return VolumeUsage.unknown();
  }

  @Override
  protected BlockDevice doBlockDevice() throws IOException {
    step("doBlockDevice");
    return new BlockDevice(place.scratch.resolve(vid), BlockDevice.Type.FILE, config().rw());
  }

  @Override
  protected boolean doOutdated(AbstractVolume source) {
    return false;
  }

  @Override
  protected PinnedContent doExport(Optional<RevisionId> revision) throws IOException {
    step("doExport");
    return content("doCloseExport");
  }

  @Override
  protected PinnedContent doPin() throws IOException {
    step("doPin");
    return content("doUnpin");
  }

  private PinnedContent content(String atClose) throws IOException {
    if (images().committed.isEmpty()) {
      throw new DriverException(
          io.cistern.storage.StorageException.Code.VOLUME_NOT_FOUND, "no image", "Create it");
    }
    return new FakeContent(this, images().committed.getAsLong(), atClose);
  }

  private void switchTo(OptionalLong size, boolean keepReplaced) {
    if (keepReplaced && images().committed.isPresent()) {
      RevisionId id = new RevisionId(++images().lastRevision);
      images().revisions.add(new Revision(id, Instant.EPOCH, images().committed));
    }
    images().committed = size;
  }

  private void prune(int revisionsToKeep) {
    while (images().revisions.size() > revisionsToKeep) {
      images().revisions.remove(0);
    }
  }

  private void forgetSession() {
    images().session = OptionalLong.empty();
    images().form = SessionForm.NONE;
  }

  /** Content that is only a size. */
  record FakeContent(FakeVolume volume, long size, String atClose) implements PinnedContent {
    @Override
    public Path path() {
      return volume.place.scratch;
    }

    @Override
    public void close() throws IOException {
      volume.step(atClose);
    }
  }
}
