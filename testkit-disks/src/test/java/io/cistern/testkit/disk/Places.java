package io.cistern.testkit.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;

/** Where {@code dev/test} has mounted file systems. */
final class Places {
  private Places() {}

  /** Returns the place on one; without it, the test is skipped and says why. */
  static Path of(FileSystemType type) {
    String property = "cistern.test." + type.typeName();
    String place = System.getProperty(property, "");
    if (Boolean.getBoolean("cistern.test.strict")) {
      assertThat(place).as("%s must be mounted for a complete run", type).isNotEmpty();
    }
    assumeTrue(!place.isEmpty(), () -> "needs what dev/test mounts (-D" + property + ")");
    return Path.of(place);
  }
}
