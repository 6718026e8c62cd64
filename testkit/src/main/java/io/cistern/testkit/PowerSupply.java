package io.cistern.testkit;

import java.io.IOException;

/**
 * The power of a place for pools. It can be cut as often as one likes, since what the disk would
 * then hold is kept aside, while the place goes on.
 *
 * <p>What the disk would hold is what was written to it, and not what the file system or the driver
 * still has in memory.
 */
public interface PowerSupply {
  /**
   * Keeps what the disk would hold if the power failed at this instant. Called on the thread that
   * is about to do a step, so often that it should take a few milliseconds at most.
   *
   * @return a number for what was kept; that of an earlier cut if nothing was written since then
   */
  int cut() throws IOException;

  /**
   * Lets the machine boot after a cut: the place holds what was kept then, at the same paths. Every
   * {@code Storage} is closed. What the place held before is lost, and so is what was kept.
   *
   * @param cut a number that {@link #cut} has returned, each at most once
   */
  void boot(int cut) throws IOException;
}
