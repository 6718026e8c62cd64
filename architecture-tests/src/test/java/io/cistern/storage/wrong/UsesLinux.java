package io.cistern.storage.wrong;

import io.cistern.linux.Errno;

/** What must not be, to show that it would be noticed. */
final class UsesLinux {
  Errno forbidden() {
    return Errno.EIO;
  }
}
