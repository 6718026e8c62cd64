package io.cistern.driver.lvmthin;

/** A command of the simulated LVM failed, with this on its standard error. */
final class SimulatedFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int exitCode;

  SimulatedFailure(int exitCode, String error) {
    super(error);
    this.exitCode = exitCode;
  }

  int exitCode() {
    return exitCode;
  }
}
