package io.cistern.driver.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.cistern.directory.testing.FileSystemUnderTest;
import java.nio.file.Files;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Pools that are set up and destroyed. */
class SetupGuestIT {
  @Test
  void aDestructionTakesWhatASecondSetupHasLeftThatWasKilled() throws Exception {
    try (FilePools disks = FilePools.on(FileSystemUnderTest.EXT4)) {
      Set<String> before = FilePools.devices();
      disks
          .trap()
          .die(step -> step.name().equals("pwrite64") && step.detail().contains("/origin-"));
      assertThat(catchThrowable(() -> FilePools.get(disks.pool().setup()))).isNotNull();
      assertThat(FilePools.devices()).hasSize(before.size() + 2);
      disks.trap().revive();
      disks.reopen();
      Files.createFile(disks.directory().resolve(".cistern-pool~"));
      FilePools.get(disks.pool().destroy());
      assertThat(FilePools.devices()).isEqualTo(before);
      assertThat(disks.directory()).doesNotExist();
    }
  }
}
