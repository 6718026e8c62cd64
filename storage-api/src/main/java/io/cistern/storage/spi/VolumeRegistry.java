package io.cistern.storage.spi;

import com.google.common.collect.MapMaker;
import io.cistern.storage.VolumeConfig;
import java.io.IOException;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * The one object that a pool has for each vid: two objects would have two queues. One about which
 * the process remembers nothing goes when nobody refers to it any more, so that a fleet of
 * disposable machines does not fill the heap.
 */
final class VolumeRegistry {
  private final ConcurrentMap<String, AbstractVolume> known = new MapMaker().weakValues().makeMap();
  private final Set<AbstractVolume> needed = ConcurrentHashMap.newKeySet();
  private final Function<VolumeConfig, AbstractVolume> factory;

  VolumeRegistry(Function<VolumeConfig, AbstractVolume> factory) {
    this.factory = factory;
  }

  /** Returns the volume of that vid; if it is not known, as an origin with the pool's defaults. */
  AbstractVolume volume(String vid) {
    return found(VolumeConfig.builder(vid).saveOnStop(true).build());
  }

  /** Returns the volume of that vid; if it is not known, with this configuration. */
  AbstractVolume found(VolumeConfig config) {
    AbstractVolume volume = known.get(config.vid());
    if (volume == null) {
      AbstractVolume made = factory.apply(config);
      volume = known.putIfAbsent(config.vid(), made);
      if (volume == null) {
        volume = made;
      }
    }
    return volume;
  }

  /**
   * Declares a volume, unless it is declared already; {@link AbstractVolume#config()} tells.
   *
   * @param check refuses to configure the volume anew
   */
  synchronized AbstractVolume declare(VolumeConfig config, Consumer<AbstractVolume> check) {
    AbstractVolume volume = found(config);
    if (!volume.memory().isDeclared()) {
      check.accept(volume);
      volume.memory().configure(config);
      declared(volume, true);
    }
    return volume;
  }

  /** Changes what a volume is configured as, whatever a declaration has made of it meanwhile. */
  synchronized void configure(AbstractVolume volume, UnaryOperator<VolumeConfig> change) {
    volume.memory().configure(change.apply(volume.config()));
  }

  /** The same if it is still configured so, which is what was checked; tells whether it was. */
  synchronized boolean configure(AbstractVolume volume, VolumeConfig from, VolumeConfig to) {
    if (!volume.config().equals(from)) {
      return false;
    }
    volume.memory().configure(to);
    return true;
  }

  /**
   * While a start, or the beginning of an import, is under way, no declaration changes how that
   * ends.
   */
  <T> T beginning(AbstractVolume volume, Beginning<T> work) throws IOException {
    setBeginning(volume, true);
    try {
      return work.run();
    } finally {
      setBeginning(volume, false);
    }
  }

  private synchronized void setBeginning(AbstractVolume volume, boolean value) {
    volume.memory().setBeginning(value);
  }

  /** What is begun. */
  interface Beginning<T> {
    /** Does it. */
    T run() throws IOException;
  }

  synchronized void declared(AbstractVolume volume, boolean value) {
    volume.memory().setDeclared(value);
    remember(volume);
  }

  /** To be called after what {@link VolumeMemory#isNeeded()} depends on has changed. */
  synchronized void remember(AbstractVolume volume) {
    if (volume.memory().isNeeded()) {
      needed.add(volume);
    } else {
      needed.remove(volume);
    }
  }

  Collection<AbstractVolume> declared() {
    return needed.stream().filter(volume -> volume.memory().isDeclared()).toList();
  }

  Optional<AbstractVolume> declaredVolume(String vid) {
    return Optional.ofNullable(known.get(vid)).filter(volume -> volume.memory().isDeclared());
  }

  /** Returns the declared volumes that name this one as their source, by id. */
  List<AbstractVolume> declaredWithSource(AbstractVolume source) {
    return declared().stream()
        .filter(volume -> volume.config().source().filter(source.id()::equals).isPresent())
        .sorted(Comparator.comparing(AbstractVolume::id))
        .toList();
  }
}
