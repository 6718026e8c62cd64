package io.cistern.testkit.memory;

import io.cistern.storage.VolumeConfig;
import io.cistern.storage.spi.AbstractVolume;
import io.cistern.testkit.memory.Catalog.Role;
import io.cistern.testkit.memory.VolumeImages.ImageUse;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/** Volumes with one bug each, that only operations at once can show; each waits for its moment. */
final class MixBugs {
  private MixBugs() {}

  private static void pause() throws IOException {
    try {
      Thread.sleep(3);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException();
    }
  }

  /** Decides on the next catalogue before it holds the lock; what was changed meanwhile is lost. */
  static final class CatalogueReadBeforeTheLock extends MemoryVolume {
    CatalogueReadBeforeTheLock(MemoryPool pool, VolumeConfig config) {
      super(pool, config);
    }

    @Override
    void replaceContent(long number, int revisionsToKeep) throws IOException {
      Optional<Instant> kept = revisionsToKeep > 0 ? Optional.of(pool.now()) : Optional.empty();
      Catalog next = images.catalog().withContent(number, kept).pruned(revisionsToKeep);
      pause();
      images.change(catalog -> next);
    }
  }

  /** Looks at its source twice. */
  static final class TornCopyOfSource extends MemoryVolume {
    TornCopyOfSource(MemoryPool pool, VolumeConfig config) {
      super(pool, config);
    }

    @Override
    void startFrom(MemoryVolume source) throws IOException {
      super.startFrom(source);
      pause();
      Path session = images.path(images.session().orElseThrow());
      try (ImageUse content = source.images.use(Optional.empty())) {
        byte[] bytes = Files.readAllBytes(content.path());
        int half = bytes.length / 2;
        try (SeekableByteChannel channel =
            Files.newByteChannel(session, StandardOpenOption.WRITE)) {
          channel.position(half);
          channel.write(ByteBuffer.wrap(bytes, half, bytes.length - half));
        }
      }
    }
  }

  /** Does not keep what it copies from being swept. */
  static final class UnpinnedSource extends MemoryVolume {
    UnpinnedSource(MemoryPool pool, VolumeConfig config) {
      super(pool, config);
    }

    @Override
    void startFrom(MemoryVolume source) throws IOException {
      long number = source.images.catalog().content().orElseThrow();
      pause();
      try (ImageUse session = images.make(0)) {
        files.copy(source.images.path(number), session.path());
        String origin = source.images.identity(number);
        images.change(catalog -> catalog.with(session.number(), Role.SESSION, origin));
      }
    }
  }

  /** A start locks a volume and then its source; a commit locks the source and then the others. */
  static final class LocksInAnyOrder extends MemoryVolume {
    private static final ConcurrentMap<String, Lock> LOCKS = new ConcurrentHashMap<>();

    LocksInAnyOrder(MemoryPool pool, VolumeConfig config) {
      super(pool, config);
    }

    private Lock lock() {
      return LOCKS.computeIfAbsent(images.toString() + pool, any -> new ReentrantLock());
    }

    @Override
    protected void doStart(Optional<AbstractVolume> source) throws IOException {
      lock().lock();
      try {
        pause();
        Lock other = source.map(volume -> ((LocksInAnyOrder) volume).lock()).orElse(lock());
        other.lock();
        try {
          super.doStart(source);
        } finally {
          other.unlock();
        }
      } finally {
        lock().unlock();
      }
    }

    @Override
    void replaceContent(long number, int revisionsToKeep) throws IOException {
      lock().lock();
      try {
        pause();
        for (Lock other : LOCKS.values()) {
          other.lock();
          other.unlock();
        }
        super.replaceContent(number, revisionsToKeep);
      } finally {
        lock().unlock();
      }
    }
  }
}
