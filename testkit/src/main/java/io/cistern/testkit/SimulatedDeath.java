package io.cistern.testkit;

import io.cistern.storage.spi.Step;

/** Stands for the end of the process: nothing catches it, and no clean-up gets anywhere. */
final class SimulatedDeath extends Error {
  private static final long serialVersionUID = 1L;

  SimulatedDeath(Step step) {
    super("the process died before the step " + step);
  }
}
