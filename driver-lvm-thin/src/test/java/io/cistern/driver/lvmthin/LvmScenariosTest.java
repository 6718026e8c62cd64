package io.cistern.driver.lvmthin;

import static org.assertj.core.api.Assertions.assertThat;

import io.cistern.linux.CommandOutput;
import io.cistern.linux.ExternalCommand;
import io.cistern.testkit.PoolFixture;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

class LvmScenariosTest extends LvmScenarios {
  @Override
  PoolFixture fixture() {
    return new SimulatedFixture("vg/pool", "vg/pool2");
  }

  @Override
  String place() {
    return "vg/pool";
  }

  @Override
  void lvm(PoolFixture fixture, String... arguments) {
    SimulatedFixture simulated = (SimulatedFixture) fixture;
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(1, List.of("--devices", simulated.group().devices()));
    try {
      CommandOutput output =
          simulated
              .lvm()
              .run(new ExternalCommand(Path.of("/usr/sbin/lvm"), all), Duration.ofSeconds(1));
      assertThat(output.exitCode()).as(output.error()).isZero();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
