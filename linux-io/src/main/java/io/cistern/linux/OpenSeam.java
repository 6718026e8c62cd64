package io.cistern.linux;

import java.util.Optional;

/** Lets everything pass. */
enum OpenSeam implements SystemCallSeam {
  INSTANCE;

  @Override
  public Optional<Errno> before(SystemCall call) {
    return Optional.empty();
  }

  @Override
  public void after(SystemCall call, Optional<Errno> failure) {}
}
