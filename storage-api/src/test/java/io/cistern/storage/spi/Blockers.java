package io.cistern.storage.spi;

import io.cistern.storage.PoolUsage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** What tests outside of this package do to a fake pool. */
public final class Blockers {
  private final Blocker blocker;

  private Blockers(Blocker blocker) {
    this.blocker = blocker;
  }

  /** Makes a primitive of a pool wait. */
  public static Blockers at(FakePlace place, String primitive) {
    return new Blockers(place.block(primitive, ""));
  }

  /** Makes a primitive of a volume wait. */
  public static Blockers at(FakePlace place, String primitive, String vid) {
    return new Blockers(place.block(primitive, vid));
  }

  /** Makes a primitive of a pool fail. */
  public static void fail(FakePlace place, String primitive, Throwable failure) {
    place.at(
        primitive,
        () -> {
          if (failure instanceof IOException e) {
            throw e;
          }
          if (failure instanceof Error e) {
            throw e;
          }
          throw (RuntimeException) failure;
        });
  }

  /** Lets a primitive of a pool do its work again. */
  public static void mend(FakePlace place, String primitive) {
    place.mend(primitive, "");
  }

  /** Sets what a pool tells. */
  public static void set(FakePlace place, Optional<Path> directory, PoolUsage usage) {
    place.directory = directory;
    place.usage = usage;
  }

  /** Waits until the primitive is reached. */
  public void awaitReached() {
    blocker.awaitReached();
  }

  /** Lets the primitive go on. */
  public void release() {
    blocker.release();
  }
}
