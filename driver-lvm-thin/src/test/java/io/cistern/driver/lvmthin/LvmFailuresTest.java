package io.cistern.driver.lvmthin;

import static org.assertj.core.api.Assertions.assertThat;

import io.cistern.linux.CommandFailedException;
import io.cistern.linux.CommandOutput;
import io.cistern.linux.ExternalCommand;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.spi.DriverException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LvmFailuresTest {
  private static DriverException explained(String error) {
    ExternalCommand command = new ExternalCommand(Path.of("/usr/sbin/lvm"), List.of("lvcreate"));
    return LvmFailures.explain(
        new CommandFailedException(command, new CommandOutput(5, "", error)), Optional::empty);
  }

  @Test
  void whatTheKernelHasAndLvmDoesNotKnowIsToBeLookedAt() {
    assertThat(
            explained(
                """
                  Failed to process message "create_snap 6 5".
                  Thin pool vg-pool-tpool (253:2) already contain thin device with device_id 6.
                """))
        .matches(failure -> failure.code() == Code.IO)
        .extracting(DriverException::remedy)
        .asString()
        .contains("docs/operations.md");
  }
}
