package io.cistern.driver.lvmthin;

import io.cistern.linux.CommandOutput;
import io.cistern.linux.CommandSeam;
import io.cistern.linux.Errno;
import io.cistern.linux.ExternalCommand;
import io.cistern.linux.SystemCall;
import io.cistern.linux.SystemCallSeam;
import io.cistern.storage.spi.Step;
import io.cistern.storage.spi.StepProbe;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Reports the commands and system calls of a pool to the step probe, which may make them fail. */
final class ProbeSeams implements CommandSeam, SystemCallSeam {
  /** LVM's exit code for what it could not do; it has no finer ones. */
  private static final int FAILED = 5;

  private static final String EXIT_CODE = "exit code " + FAILED;
  private static final String DONE_ALL_THE_SAME = EXIT_CODE + ", though it did its work";

  private final String pool;
  private final StepProbe probe;

  /** What does its work and fails. */
  private final Set<ExternalCommand> spoiled = ConcurrentHashMap.newKeySet();

  private ProbeSeams(String pool, StepProbe probe) {
    this.pool = pool;
    this.probe = probe;
  }

  static CommandSeam ofCommands(String pool, StepProbe probe) {
    return probe == StepProbe.NONE ? CommandSeam.none() : new ProbeSeams(pool, probe);
  }

  static SystemCallSeam ofSystemCalls(String pool, StepProbe probe) {
    return probe == StepProbe.NONE ? SystemCallSeam.none() : new ProbeSeams(pool, probe);
  }

  @Override
  public Optional<CommandOutput> before(ExternalCommand command) {
    Optional<String> error = probe.before(step(command));
    if (error.filter(DONE_ALL_THE_SAME::equals).isPresent()) {
      spoiled.add(command);
      return Optional.empty();
    }
    return error.map(ProbeSeams::failure);
  }

  @Override
  public Optional<CommandOutput> spoils(ExternalCommand command) {
    return spoiled.remove(command) ? Optional.of(failure(DONE_ALL_THE_SAME)) : Optional.empty();
  }

  private static CommandOutput failure(String error) {
    return new CommandOutput(FAILED, "", "The step probe lets it fail: " + error);
  }

  @Override
  public void after(ExternalCommand command, CommandOutput output) {
    probe.after(
        step(command),
        output.exitCode() == 0 ? Optional.empty() : Optional.of("exit code " + output.exitCode()));
  }

  @Override
  public Optional<Errno> before(SystemCall call) {
    return probe.before(step(call)).map(call::error);
  }

  @Override
  public boolean leavesOut(SystemCall sync) {
    return probe.leavesOut(step(sync));
  }

  @Override
  public boolean shortens(SystemCall transfer) {
    return probe.shortens(step(transfer));
  }

  @Override
  public void after(SystemCall call, Optional<Errno> failure) {
    probe.after(step(call), failure.map(Errno::name));
  }

  private Step step(ExternalCommand command) {
    return new Step(
        pool,
        Step.Kind.COMMAND,
        command.name(),
        command.toString(),
        List.of(EXIT_CODE, DONE_ALL_THE_SAME));
  }

  private Step step(SystemCall call) {
    return new Step(pool, Step.Kind.SYSTEM_CALL, call.name(), call.arguments(), call.errorNames());
  }
}
