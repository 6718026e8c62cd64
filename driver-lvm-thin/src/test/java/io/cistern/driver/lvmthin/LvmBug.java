package io.cistern.driver.lvmthin;

import io.cistern.linux.CommandFailedException;
import io.cistern.linux.CommandLauncher;
import io.cistern.linux.CommandOutput;
import io.cistern.linux.CommandPendingException;
import io.cistern.linux.ExternalCommand;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A bug that takes commands to show, which the driver of the guide runs none of; in which
 * operation, in which suite, and the rule that it breaks.
 */
enum LvmBug {
  KILLS_WHAT_HANGS(1005, "stop of origin", BuggyLvmFaults.class) {
    @Override
    CommandOutput run(CommandLauncher launcher, ExternalCommand command, Duration patience)
        throws IOException {
      try {
        return launcher.run(command, patience);
      } catch (CommandPendingException e) {
        ProcessHandle.of(e.pid()).ifPresent(ProcessHandle::destroyForcibly);
        throw e;
      }
    }
  },

  /** Changes go on beside what hangs. */
  FORGETS_WHAT_HANGS(1005, "stop of origin", BuggyLvmFaults.class) {
    @Override
    CommandOutput run(CommandLauncher launcher, ExternalCommand command, Duration patience)
        throws IOException {
      try {
        return launcher.run(command, patience);
      } catch (CommandPendingException e) {
        throw new CommandFailedException(command, new CommandOutput(5, "", e.getMessage()));
      }
    }
  },

  /** The switch is reported done before it is; what comes after it waits, as it should. */
  TAKES_A_HANGING_SWITCH_FOR_DONE(1005, "stop of origin", BuggyLvmFaults.class) {
    private final AtomicReference<@Nullable CommandPendingException> hanging =
        new AtomicReference<>();

    @Override
    CommandOutput run(CommandLauncher launcher, ExternalCommand command, Duration patience)
        throws IOException {
      CommandPendingException earlier = hanging.get();
      if (earlier != null && !earlier.hasEnded()) {
        throw earlier;
      }
      try {
        return launcher.run(command, patience);
      } catch (CommandPendingException e) {
        if (!command.arguments().get(0).equals("lvrename")) {
          throw e;
        }
        hanging.set(e);
        return new CommandOutput(0, "", "");
      }
    }
  },

  /** As if there were a copy to be made of what goes. */
  REMOVAL_NEEDS_METADATA(1002, "remove of origin", BuggyLvmFull.class) {
    @Override
    CommandOutput run(CommandLauncher launcher, ExternalCommand command, Duration patience)
        throws IOException {
      boolean removes =
          command.arguments().get(0).equals("lvrename")
              && command.arguments().stream().anyMatch(name -> name.contains("-removed"));
      Optional<CommandOutput> refusal =
          removes ? copied(launcher, command, patience) : Optional.empty();
      return refusal.isPresent() ? refusal.get() : launcher.run(command, patience);
    }
  },

  FILLING_FILLS_NOTHING(1002, "stop of origin", BuggyLvmFull.class) {
    @Override
    SimulatedFixture place() {
      return new Place() {
        @Override
        public Optional<Filling> filling() {
          return Optional.of(() -> () -> {});
        }

        @Override
        public Optional<Filling> metadataFilling() {
          return filling();
        }
      };
    }
  };

  final int rule;
  final String operation;
  final Class<?> suite;

  LvmBug(int rule, String operation, Class<?> suite) {
    this.rule = rule;
    this.operation = operation;
    this.suite = suite;
  }

  /** Runs commands wrongly. */
  CommandOutput run(CommandLauncher launcher, ExternalCommand command, Duration patience)
      throws IOException {
    return launcher.run(command, patience);
  }

  /** Returns what LVM says if it makes nothing any more; empty if it does. */
  private static Optional<CommandOutput> copied(
      CommandLauncher launcher, ExternalCommand command, Duration patience) throws IOException {
    List<String> devices = command.arguments().subList(1, 3);
    ExternalCommand create =
        new ExternalCommand(
            command.program(),
            List.of(
                "lvcreate",
                devices.get(0),
                devices.get(1),
                "-V",
                "65536b",
                "-T",
                "vg/pool",
                "-n",
                "copy"));
    CommandOutput created = launcher.run(create, patience);
    if (created.exitCode() != 0) {
      return Optional.of(created);
    }
    List<String> remove = List.of("lvremove", devices.get(0), devices.get(1), "-y", "vg/copy");
    return Optional.of(launcher.run(new ExternalCommand(command.program(), remove), patience))
        .filter(removed -> removed.exitCode() != 0);
  }

  /** Makes a place whose driver, or which itself, has the bug. */
  SimulatedFixture place() {
    SimulatedFixture place = new Place();
    place.around(launcher -> (command, patience) -> run(launcher, command, patience));
    return place;
  }

  /** What never ends is to fail soon. */
  private static class Place extends SimulatedFixture {
    Place() {
      super("vg/pool", "vg/pool2");
    }

    @Override
    public Duration patience() {
      return Duration.ofSeconds(10);
    }
  }
}
