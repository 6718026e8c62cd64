package io.cistern.driver.file;

import io.cistern.driver.file.CowStore.StoredChunk;
import io.cistern.driver.file.Recorded.Form;
import io.cistern.driver.file.Recorded.KeptRevision;
import io.cistern.driver.file.Recorded.Pending;
import io.cistern.linux.Access;
import io.cistern.linux.CloneExpectation;
import io.cistern.linux.CopyListener;
import io.cistern.linux.Directory;
import io.cistern.linux.DurableFiles;
import io.cistern.linux.MappedDevice;
import io.cistern.linux.OpenFile;
import io.cistern.linux.Undo;
import io.cistern.storage.RevisionId;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.spi.DriverException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Optional;

/**
 * Makes the revision the content again.
 *
 * <p>Old blocks are written to the base in a session of the driver's own: what they replace is
 * saved in a store, which becomes the revision. Until the switch it is recorded that they go back,
 * so that a crash undoes it. A whole image, and content of another size, is made ready aside and
 * replaces the base.
 */
final class Reversal {
  private final Layers layers;
  private final Replacement replacement;

  Reversal(Layers layers) {
    this.layers = layers;
    this.replacement = new Replacement(layers);
  }

  void run(VolumeDirectory directory, boolean keepReplaced, Instant now) throws IOException {
    Recorded recorded = layers.recorded(directory);
    KeptRevision chosen = recorded.revision().orElseThrow();
    long size = layers.committedSize(directory).orElse(-1);
    if (chosen.form() == Form.WHOLE) {
      DurableFiles.link(directory.directory(), layers.names().oldBase(), layers.names().next());
      replacement.replace(directory, chosen.size(), keepReplaced, now);
    } else if (size == chosen.size()) {
      putBack(directory, size, keepReplaced, now);
    } else {
      aside(directory, chosen.size(), keepReplaced, now);
    }
  }

  private void putBack(VolumeDirectory directory, long size, boolean keepReplaced, Instant now)
      throws IOException {
    try (OpenFile old = directory.openStore(layers.names().oldStore());
        OpenFile base = directory.openBaseForWriting(Code.VOLUME_NOT_FOUND)) {
      OldBlocks blocks = new OldBlocks(new CowStore(old), base, size);
      try (Undo undo = new Undo()) {
        undo.push(() -> new Settlement(layers, layers.pool().openExports()).run(directory));
        Guard guard = guard(directory, blocks, size);
        undo.push(() -> layers.devices().remove(guard.name));
        undo.push(guard::close);
        blocks.write(guard.origin);
        guard.origin.sync();
        layers.locked(() -> finish(directory, guard, size, keepReplaced, now));
        undo.disarm();
      }
    }
  }

  /**
   * The devices by which what is written to the base is saved. Open, since whoever tidies up after
   * an export meanwhile removes those that nobody has open.
   *
   * @param name of the device to write to
   */
  private record Guard(String name, OpenFile origin, OpenFile view) implements AutoCloseable {
    @Override
    public void close() {
      try {
        origin.close();
      } finally {
        view.close();
      }
    }
  }

  /** Finds the space first, without the lock, as it reads a lot. */
  private Guard guard(VolumeDirectory directory, OldBlocks blocks, long size) throws IOException {
    try (Undo undo = new Undo()) {
      blocks.allocate(undo);
      Guard guard = layers.locked(() -> guard(directory, blocks.chunks(), size));
      undo.disarm();
      return guard;
    }
  }

  /** From here on what is written to the base is saved, and goes back after a crash. */
  private Guard guard(VolumeDirectory directory, long chunks, long size) throws IOException {
    Recorded recorded = layers.recorded(directory);
    MappedDevice committed = layers.committed(directory);
    try (OpenFile store = directory.openStore(layers.names().store());
        OpenFile base = directory.openBaseForWriting(Code.VOLUME_NOT_FOUND)) {
      CowStore guard = new CowStore(store);
      guard.reserve(guard.chunks().size() + chunks);
      store.sync();
      layers.state().write(directory, recorded.guarded(size), layers.state().read(directory));
      try (Undo undo = new Undo()) {
        undo.push(
            () -> layers.state().write(directory, recorded, Optional.of(recorded.guarded(size))));
        MappedDevice origin =
            layers.devices().origin(base, layers.devices().size(committed.name()));
        undo.push(() -> layers.devices().remove(origin.name()));
        OpenFile view = layers.pool().linux().openFile(committed.path(), Access.READ);
        undo.push(view::close);
        OpenFile writable = layers.pool().linux().openFile(origin.path(), Access.READ_WRITE);
        undo.disarm();
        return new Guard(origin.name(), writable, view);
      }
    }
  }

  private void finish(VolumeDirectory directory, Guard guard, long size, boolean keep, Instant now)
      throws IOException {
    guard.close();
    layers.devices().remove(guard.name);
    Recorded guarded = layers.recorded(directory);
    try (OpenFile base = directory.openBaseForWriting(Code.IO);
        OpenFile store = directory.openStore(layers.names().store())) {
      if (new CowStore(store).isInvalid() || layers.isGivenUp(directory)) {
        throw new DriverException(
            Code.IO,
            "%s became invalid though its space was reserved".formatted(store),
            "See the kernel's log");
      }
      base.sync();
    }
    RevisionId id = new RevisionId(guarded.nextRevision());
    Recorded switched =
        keep
            ? guarded.switched(
                size, Pending.KEEP_STORE, Optional.of(new KeptRevision(id, now, size, Form.BLOCKS)))
            : guarded.switched(size, Pending.DROP_STORE, Optional.empty());
    layers.state().write(directory, switched, Optional.of(guarded));
  }

  private void aside(VolumeDirectory directory, long size, boolean keepReplaced, Instant now)
      throws IOException {
    Directory files = directory.directory();
    String next = layers.names().next();
    try (OpenFile base = directory.openBase();
        OpenFile old = directory.openStore(layers.names().oldStore());
        OpenFile image =
            DurableFiles.cloneOrCopy(
                base, files, next, CopyListener.none(), CloneExpectation.COPY_WILL_DO);
        Undo undo = new Undo()) {
      undo.push(() -> directory.remove(next));
      DurableFiles.resize(image, size);
      CowStore blocks = new CowStore(old);
      ByteBuffer buffer = ByteBuffer.allocateDirect(CowStore.CHUNK_BYTES);
      for (StoredChunk chunk : blocks.chunks()) {
        if (chunk.origin() < size) {
          int length = (int) Math.min(CowStore.CHUNK_BYTES, size - chunk.origin());
          blocks.read(chunk, buffer.clear().limit(length));
          image.write(buffer.flip(), chunk.origin());
        }
      }
      image.sync();
      undo.disarm();
    }
    replacement.replace(directory, size, keepReplaced, now);
  }
}
