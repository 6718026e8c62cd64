package io.cistern.linux;

import java.util.Comparator;
import java.util.List;
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
   * is used with. EINTR is one that never reaches a caller, since the call is made again. Empty for
   * a name that this module does not use.
   */
  public Set<Errno> errors() {
    return PossibleErrors.of(name);
  }

  /**
   * Returns the names of the errors that tests may inject, such as {@code "EIO"}: sorted, EINTR
   * last. Left out is what is no failure but an answer, such as ENOENT of an openat: if it were not
   * true, the call would lie about what is on the disk.
   */
  public List<String> errorNames() {
    return errors().stream()
        .filter(errno -> !PossibleErrors.isAnswer(name, errno))
        .map(Errno::name)
        .sorted(
            Comparator.comparing((String error) -> error.equals(Errno.EINTR.name()))
                .thenComparing(Comparator.naturalOrder()))
        .toList();
  }

  /**
   * Returns the one of the {@link #errors()} that has this name.
   *
   * @throws IllegalArgumentException if the call can't fail with such an error
   */
  public Errno error(String errorName) {
    return errors().stream()
        .filter(errno -> errno.name().equals(errorName))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException(this + " can't fail with " + errorName));
  }

  @Override
  public String toString() {
    return name + " " + arguments;
  }
}
