package io.cistern.driver.lvmthin;

import io.cistern.linux.CommandFailedException;
import java.io.IOException;

/**
 * Names of a volume group, which all of its pools have in common: one that was free may be taken by
 * the time that the command runs.
 */
final class FreeName {
  /** Gives what there is of the volume now. */
  interface Views {
    /** Returns it. */
    VolumeView view() throws IOException;
  }

  /** A command that gives something a name. */
  interface Naming {
    /** Runs it. */
    void name(String name) throws IOException;
  }

  private FreeName() {}

  /**
   * Runs a command with a name that is free, and once again if another pool was quicker.
   *
   * @return the name
   */
  static String take(VolumeView view, String wanted, Views views, Naming naming)
      throws IOException {
    String name = view.free(wanted);
    try {
      naming.name(name);
      return name;
    } catch (CommandFailedException e) {
      String other = other(name, wanted, views, e);
      naming.name(other);
      return other;
    }
  }

  /** What has the name may be what the command has made of ours before it failed. */
  private static String other(
      String name, String wanted, Views views, CommandFailedException failure)
      throws CommandFailedException {
    try {
      VolumeView now = views.view();
      String other = now.free(wanted);
      if (!other.equals(name) && now.all().stream().noneMatch(lv -> lv.name().equals(name))) {
        return other;
      }
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
    throw failure;
  }
}
