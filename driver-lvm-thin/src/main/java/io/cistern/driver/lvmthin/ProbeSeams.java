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

/** Reports the commands and system calls of a pool to the step probe, which may make them fail. */
final class ProbeSeams implements CommandSeam, SystemCallSeam {
  /** LVM's exit code for what it could not do; it has no finer ones. */
  private static final int FAILED = 5;

  private static final String EXIT_CODE = "exit code " + FAILED;

  private final String pool;
  private final StepProbe probe;

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
    return probe
        .before(step(command))
        .map(error -> new CommandOutput(FAILED, "", "The step probe lets " + command + " fail"));
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
        pool, Step.Kind.COMMAND, command.name(), command.toString(), List.of(EXIT_CODE));
  }

  private Step step(SystemCall call) {
    return new Step(pool, Step.Kind.SYSTEM_CALL, call.name(), call.arguments(), call.errorNames());
  }
}
