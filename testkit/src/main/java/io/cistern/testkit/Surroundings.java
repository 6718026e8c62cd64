package io.cistern.testkit;

import io.cistern.storage.Pool;
import io.cistern.storage.Volume;
import io.cistern.storage.VolumeId;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What there is in a place before a volume is made there that is then interrupted. */
final class Surroundings {
  private static final String RULE = "904";

  private final Scenario scenario;
  private final Set<VolumeId> volumes;
  private final Set<String> objects;

  private Surroundings(Scenario scenario, Set<VolumeId> volumes, Set<String> objects) {
    this.scenario = scenario;
    this.volumes = volumes;
    this.objects = objects;
  }

  /** Finds out what is there now. */
  static Surroundings of(Scenario scenario) {
    return new Surroundings(scenario, listed(scenario), Set.copyOf(scenario.fixture().objects()));
  }

  private static Set<VolumeId> listed(Scenario scenario) {
    Pool pool = scenario.pool();
    return scenario.waiting().await(pool.volumes()).stream()
        .map(Volume::id)
        .collect(Collectors.toSet());
  }

  /** Nothing that the interruption has left passes for a volume. */
  void assertNothingElseIsListed(String where, Volume interrupted) {
    Set<VolumeId> others = new TreeSet<>(listed(scenario));
    others.remove(interrupted.id());
    others.removeAll(volumes);
    if (!others.isEmpty()) {
      throw new AssertionError(
          "%s: %s, the pool lists %s, which nobody has made".formatted(RULE, where, others));
    }
  }

  /** All that the interruption has left went with the volume, and nothing else did. */
  void assertSame(String where) {
    Set<String> left = new TreeSet<>(scenario.fixture().objects());
    Set<String> gone = new TreeSet<>(objects);
    gone.removeAll(left);
    left.removeAll(objects);
    if (!left.isEmpty() || !gone.isEmpty()) {
      throw new AssertionError(
          "%s: %s, when the volume was removed there was still %s, and no more %s"
              .formatted(RULE, where, left, gone));
    }
  }
}
