package io.cistern.testkit;

import io.cistern.storage.StorageException.Code;
import java.util.EnumSet;
import java.util.Set;

/**
 * Collects why something has to be refused. Of several reasons the contract does not say which one
 * is told; without any, it has to succeed.
 */
final class Refusals {
  private final EnumSet<Code> codes = EnumSet.noneOf(Code.class);

  Refusals when(boolean holds, Code code) {
    if (holds) {
      codes.add(code);
    }
    return this;
  }

  Set<Code> codes() {
    return Set.copyOf(codes);
  }
}
