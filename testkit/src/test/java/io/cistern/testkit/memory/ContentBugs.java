package io.cistern.testkit.memory;

import io.cistern.storage.RevisionId;
import io.cistern.storage.VolumeConfig;
import io.cistern.storage.spi.CopyProgress;
import io.cistern.storage.spi.DriverException;
import io.cistern.storage.spi.PinnedContent;
import io.cistern.testkit.memory.Catalog.Role;
import io.cistern.testkit.memory.VolumeImages.ImageUse;
import java.io.IOException;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Volumes with one bug each, in what is done to a volume that is stopped. */
final class ContentBugs {
  private ContentBugs() {}

  static final class CreateDoesNotZero extends MemoryVolume {
    CreateDoesNotZero(MemoryPool pool, VolumeConfig config) {
      super(pool, config);
    }

    @Override
    protected void doCreate(long size) throws IOException {
      super.doCreate(size);
      fill(images.path(images.catalog().content().orElseThrow()), 0);
    }
  }

  /** Once the last revision has gone, numbers begin anew. */
  static final class RevisionNumbersAgain extends MemoryVolume {
    RevisionNumbersAgain(MemoryPool pool, VolumeConfig config) {
      super(pool, config);
    }

    @Override
    protected void doRemoveRevision(RevisionId id) throws IOException {
      super.doRemoveRevision(id);
      Catalog catalog = images.catalog();
      long content = catalog.content().orElseThrow();
      if (catalog.revisions().isEmpty() && content > 1) {
        Files.move(images.path(content), images.path(1));
        images.change(all -> new Catalog(0, new TreeMap<>()).with(1, Role.CONTENT));
      }
    }
  }

  static final class RevertLosesReplaced extends MemoryVolume {
    RevertLosesReplaced(MemoryPool pool, VolumeConfig config) {
      super(pool, config);
    }

    @Override
    protected void doRevert(RevisionId id, boolean keepReplaced) throws IOException {
      super.doRevert(id, false);
    }
  }

  static final class RevertPrunes extends MemoryVolume {
    RevertPrunes(MemoryPool pool, VolumeConfig config) {
      super(pool, config);
    }

    @Override
    protected void doRevert(RevisionId id, boolean keepReplaced) throws IOException {
      super.doRevert(id, keepReplaced);
      images.change(catalog -> catalog.pruned(1));
    }
  }

  static final class RevertKeepsChosen extends MemoryVolume {
    RevertKeepsChosen(MemoryPool pool, VolumeConfig config) {
      super(pool, config);
    }

    @Override
    protected void doRevert(RevisionId id, boolean keepReplaced) throws IOException {
      try (ImageUse kept = images.make(0)) {
        files.copy(images.path(id.number()), kept.path());
        String note = images.catalog().images().get(id.number()).note();
        super.doRevert(id, keepReplaced);
        images.change(catalog -> catalog.with(kept.number(), Role.REVISION, note));
      }
    }
  }

  static final class RemoveLeavesRevisions extends MemoryVolume {
    RemoveLeavesRevisions(MemoryPool pool, VolumeConfig config) {
      super(pool, config);
    }

    @Override
    protected void doRemove() throws IOException {
      if (images.catalog().revisions().isEmpty()) {
        super.doRemove();
      } else {
        long content = images.catalog().content().orElseThrow();
        images.change(catalog -> catalog.with(content, Role.LEFTOVER));
      }
    }
  }

  /** A removal takes all whose names begin alike. */
  static final class RemoveTakesLongerNames extends MemoryVolume {
    RemoveTakesLongerNames(MemoryPool pool, VolumeConfig config) {
      super(pool, config);
    }

    @Override
    protected void doRemove() throws IOException {
      super.doRemove();
      Path own = images.path(1).getParent();
      try (Stream<Path> all = Files.list(own.getParent())) {
        for (Path other : all.filter(path -> path.toString().startsWith("" + own)).toList()) {
          new VolumeImages(other, files, pool.disk()).removeAll();
        }
      }
    }
  }

  static final class AbortCommits extends MemoryVolume {
    AbortCommits(MemoryPool pool, VolumeConfig config) {
      super(pool, config);
    }

    @Override
    protected void doAbortImport() throws IOException {
      if (imported.isPresent()) {
        replaceContent(imported.get().number(), 1);
      }
      super.doAbortImport();
    }
  }

  static final class AbortLeavesImport extends MemoryVolume {
    AbortLeavesImport(MemoryPool pool, VolumeConfig config) {
      super(pool, config);
    }

    @Override
    protected void doAbortImport() {
      // Nothing is swept.
    }
  }

  /** What an import makes for itself goes with its end, and nobody else knows of it. */
  static final class ImportOutlivesItsProcess extends MemoryVolume {
    private final Path note;

    ImportOutlivesItsProcess(MemoryPool pool, VolumeConfig config) {
      super(pool, config);
      this.note = pool.directory().orElseThrow().resolve(config.vid().replace('/', '-') + ".note");
    }

    @Override
    protected Path doBeginImport(long size) throws IOException {
      files.create(note, 0);
      return super.doBeginImport(size);
    }

    @Override
    protected void doAbortImport() throws IOException {
      super.doAbortImport();
      files.delete(note);
    }
  }

  static final class ImportTakesAnySize extends MemoryVolume {
    ImportTakesAnySize(MemoryPool pool, VolumeConfig config) {
      super(pool, config);
    }

    @Override
    protected void doFillImport(
        Path target, ReadableByteChannel channel, long size, CopyProgress progress)
        throws IOException {
      try {
        super.doFillImport(target, channel, size, progress);
      } catch (DriverException e) {
        // It was told that the figures differ.
      }
    }
  }

  /** What is exported changes when the volume is committed. */
  static final class ExportFollowsContent extends MemoryVolume {
    private final Set<Path> exported = new HashSet<>();

    ExportFollowsContent(MemoryPool pool, VolumeConfig config) {
      super(pool, config);
    }

    @Override
    protected PinnedContent doExport(Optional<RevisionId> revision) throws IOException {
      PinnedContent export = super.doExport(revision);
      exported.add(export.path());
      return export;
    }

    @Override
    void replaceContent(long number, int revisionsToKeep) throws IOException {
      super.replaceContent(number, revisionsToKeep);
      for (Path path : exported) {
        if (Files.exists(path)) {
          Files.copy(images.path(number), path, StandardCopyOption.REPLACE_EXISTING);
        }
      }
    }
  }

  /** A clone takes what the source's VM writes. */
  static final class CloneOfDirtyImage extends MemoryVolume {
    CloneOfDirtyImage(MemoryPool pool, VolumeConfig config) {
      super(pool, config);
    }

    @Override
    protected PinnedContent doPin() throws IOException {
      Optional<Long> session = images.session();
      if (session.isEmpty()) {
        return super.doPin();
      }
      ImageUse copy = images.make(images.size(session).orElseThrow());
      files.copy(images.path(session.get()), copy.path());
      return copy;
    }
  }

  static final class SizeFromConfiguration extends MemoryVolume {
    SizeFromConfiguration(MemoryPool pool, VolumeConfig config) {
      super(pool, config);
    }

    @Override
    protected OptionalLong doCommittedSize() throws IOException {
      OptionalLong size = super.doCommittedSize();
      return size.isPresent() && nominalSize().isPresent() ? nominalSize() : size;
    }
  }

  static final class GrownSpaceIsNotZero extends MemoryVolume {
    GrownSpaceIsNotZero(MemoryPool pool, VolumeConfig config) {
      super(pool, config);
    }

    @Override
    protected void doResize(long size) throws IOException {
      long before = doCommittedSize().orElseThrow();
      super.doResize(size);
      fill(images.path(images.catalog().content().orElseThrow()), before);
    }
  }

  /** To let the session grow, the committed content grows too. */
  static final class GrowthIsCommittedAtOnce extends MemoryVolume {
    GrowthIsCommittedAtOnce(MemoryPool pool, VolumeConfig config) {
      super(pool, config);
    }

    @Override
    protected void doResizeSession(long size) throws IOException {
      super.doResizeSession(size);
      Optional<Long> content = images.catalog().content();
      if (content.isPresent()) {
        files.resize(images.path(content.get()), size);
      }
    }
  }

  private static void fill(Path image, long from) throws IOException {
    byte[] garbage = new byte[(int) Math.max(0, Files.size(image) - from)];
    Arrays.fill(garbage, (byte) 'x');
    try (var channel = Files.newByteChannel(image, StandardOpenOption.WRITE)) {
      channel.position(from).write(java.nio.ByteBuffer.wrap(garbage));
    }
  }
}
