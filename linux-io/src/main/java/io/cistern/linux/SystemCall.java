package io.cistern.linux;

import java.util.Set;

/**
 * One system call that is about to be made or has been made.
 *
 * @param name the call, with its operation where one call has many: {@code "fsync"}, {@code
 *     "ioctl(FICLONE)"}
 * @param arguments what it works on, for people: {@code "/srv/vms/a.img~dirty from /srv/vms/a.img"}
 */
public record SystemCall(String name, String arguments) {

  /**
   * Returns the errors that the call can really return on a file system or device that this module
   * is used with. EINTR is not among them, since it never reaches a caller. Empty for a name that
   * this module does not use.
   */
  public Set<Errno> errors() {
    return PossibleErrors.of(name);
  }

  @Override
  public String toString() {
    return name + " " + arguments;
  }
}
