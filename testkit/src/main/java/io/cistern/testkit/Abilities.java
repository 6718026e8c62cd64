package io.cistern.testkit;

import java.util.Optional;
import org.junit.jupiter.api.Assumptions;

/** What a fixture may be unable to do; a test that needs it is then skipped and says so. */
final class Abilities {
  private Abilities() {}

  static <T> T need(Optional<T> ability, String reason) {
    Assumptions.assumeTrue(ability.isPresent(), "skipped, the fixture can't do this: " + reason);
    return ability.orElseThrow();
  }
}
