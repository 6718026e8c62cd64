package io.cistern.directory;

import io.cistern.linux.Errno;
import io.cistern.linux.SystemCall;
import io.cistern.linux.SystemCallSeam;
import io.cistern.storage.spi.Step;
import io.cistern.storage.spi.StepProbe;
import java.util.Optional;

/** Reports each system call of a pool to the step probe, and makes fail what it wants to fail. */
final class ProbeSeam implements SystemCallSeam {
  private final String pool;
  private final StepProbe probe;

  private ProbeSeam(String pool, StepProbe probe) {
    this.pool = pool;
    this.probe = probe;
  }

  static SystemCallSeam of(String pool, StepProbe probe) {
    return probe == StepProbe.NONE ? SystemCallSeam.none() : new ProbeSeam(pool, probe);
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

  private Step step(SystemCall call) {
    return new Step(pool, Step.Kind.SYSTEM_CALL, call.name(), call.arguments(), call.errorNames());
  }
}
