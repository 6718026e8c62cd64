package io.cistern.linux;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Records all calls, and fails or dies at one of them. For one thread. */
final class TestSeam implements SystemCallSeam {
  private final List<SystemCall> calls = new ArrayList<>();
  private final Function<Integer, Optional<Errno>> before;
  private final Function<Integer, Boolean> diesAfter;

  private TestSeam(
      Function<Integer, Optional<Errno>> before, Function<Integer, Boolean> diesAfter) {
    this.before = before;
    this.diesAfter = diesAfter;
  }

  /** A simulated death of the process. */
  static final class Death extends Error {
    private static final long serialVersionUID = 1L;
  }

  static TestSeam recording() {
    return new TestSeam(index -> Optional.empty(), index -> false);
  }

  static TestSeam failingAt(int step, Errno errno) {
    return new TestSeam(
        index -> index == step ? Optional.of(errno) : Optional.empty(), index -> false);
  }

  /** Fails every call of that name. */
  static SystemCallSeam failing(String name, Errno errno) {
    return new SystemCallSeam() {
      @Override
      public Optional<Errno> before(SystemCall call) {
        return call.name().equals(name) ? Optional.of(errno) : Optional.empty();
      }

      @Override
      public void after(SystemCall call, Optional<Errno> failure) {}
    };
  }

  /** Does something after every call of that name. */
  static SystemCallSeam after(String name, Runnable action) {
    return new SystemCallSeam() {
      @Override
      public Optional<Errno> before(SystemCall call) {
        return Optional.empty();
      }

      @Override
      public void after(SystemCall call, Optional<Errno> failure) {
        if (call.name().equals(name)) {
          action.run();
        }
      }
    };
  }

  /** Moves half of what was to be moved, each time. */
  static SystemCallSeam shortening() {
    return new SystemCallSeam() {
      @Override
      public Optional<Errno> before(SystemCall call) {
        return Optional.empty();
      }

      @Override
      public boolean shortens(SystemCall transfer) {
        return true;
      }

      @Override
      public void after(SystemCall call, Optional<Errno> failure) {}
    };
  }

  /** Nothing is possible any more from that step on. */
  static TestSeam dyingBefore(int step) {
    return new TestSeam(
        index -> {
          if (index >= step) {
            throw new Death();
          }
          return Optional.empty();
        },
        index -> false);
  }

  static TestSeam dyingAfter(int step) {
    return new TestSeam(
        index -> {
          if (index > step) {
            throw new Death();
          }
          return Optional.empty();
        },
        index -> index >= step);
  }

  List<SystemCall> calls() {
    return List.copyOf(calls);
  }

  @Override
  public Optional<Errno> before(SystemCall call) {
    calls.add(call);
    return before.apply(calls.size() - 1);
  }

  @Override
  public void after(SystemCall call, Optional<Errno> failure) {
    if (diesAfter.apply(calls.size() - 1)) {
      throw new Death();
    }
  }
}
