package io.cistern.directory;

import io.cistern.linux.Errno;
import io.cistern.linux.SystemCall;
import io.cistern.linux.SystemCallSeam;
import io.cistern.storage.spi.Step;
import io.cistern.storage.spi.StepProbe;
import java.util.List;
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
    return probe.before(step(call)).map(name -> errno(call, name));
  }

  @Override
  public void after(SystemCall call, Optional<Errno> failure) {
    probe.after(step(call), failure.map(Errno::name));
  }

  private Step step(SystemCall call) {
    List<String> errors = call.errors().stream().map(Errno::name).sorted().toList();
    return new Step(pool, Step.Kind.SYSTEM_CALL, call.name(), call.arguments(), errors);
  }

  private static Errno errno(SystemCall call, String name) {
    return call.errors().stream()
        .filter(errno -> errno.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException(call + " can't fail with " + name));
  }
}
