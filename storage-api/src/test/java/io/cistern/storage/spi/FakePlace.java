package io.cistern.storage.spi;

import io.cistern.storage.Capability;
import io.cistern.storage.PoolUsage;
import io.cistern.storage.Revision;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;

/** What a fake pool has on its disk, which outlives the pool, and what its primitives meet. */
public final class FakePlace {
  /** What happens in a primitive before it does its work. */
  interface Action {
    void run() throws IOException;
  }

  /** What a volume has on disk. */
  static final class Images {
    volatile OptionalLong committed = OptionalLong.empty();
    volatile SessionForm form = SessionForm.NONE;
    volatile OptionalLong session = OptionalLong.empty();
    volatile Optional<String> holder = Optional.empty();
    volatile OptionalLong importing = OptionalLong.empty();
    final List<Revision> revisions = new CopyOnWriteArrayList<>();
    volatile long lastRevision;
  }

  final Set<Capability> capabilities = EnumSet.allOf(Capability.class);
  final Map<String, Images> volumes = new ConcurrentHashMap<>();
  final List<FoundVolume> foreign = new CopyOnWriteArrayList<>();
  final List<String> calls = new CopyOnWriteArrayList<>();
  private final Map<String, Action> actions = new ConcurrentHashMap<>();
  final Path scratch;
  volatile Optional<Path> directory = Optional.empty();
  volatile Set<String> devices = Set.of();
  volatile PoolUsage usage = PoolUsage.unknown();
  volatile int defaultRevisions = 1;
  volatile boolean isSetUp = true;
  volatile UnaryOperator<IOException> explanation = failure -> failure;

  FakePlace(Path scratch) {
    this.scratch = scratch;
  }

  Images images(String vid) {
    return volumes.computeIfAbsent(vid, any -> new Images());
  }

  /** Sets what happens in a primitive ({@code "doStart"}) of a volume. */
  void at(String primitive, String vid, Action action) {
    actions.put(primitive + " " + vid, action);
  }

  void at(String primitive, Action action) {
    at(primitive, "", action);
  }

  Blocker block(String primitive, String vid) {
    Blocker blocker = new Blocker();
    at(primitive, vid, blocker);
    return blocker;
  }

  void fail(String primitive, String vid, IOException failure) {
    at(
        primitive,
        vid,
        () -> {
          throw failure;
        });
  }

  void mend(String primitive, String vid) {
    actions.remove(primitive + " " + vid);
  }

  void step(String primitive, String vid) throws IOException {
    calls.add((primitive + " " + vid).trim());
    meet(primitive, vid);
  }

  /** As {@link #step}, for what is asked too often to be recorded. */
  void meet(String primitive, String vid) throws IOException {
    Action action = actions.get(primitive + " " + vid);
    if (action != null) {
      action.run();
    }
  }

  /** The calls of primitives that change something of a volume, in order. */
  List<String> calls(String vid) {
    List<String> names = new ArrayList<>();
    for (String call : calls) {
      if (call.endsWith(" " + vid)) {
        names.add(call.substring(0, call.indexOf(' ')));
      }
    }
    return names;
  }
}
