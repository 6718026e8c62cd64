package io.cistern.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Device-mapper on a real kernel. */
class DeviceMapperGuestIT {
  private static final String NAME = "cistern-test";
  private static final long SIZE = 1 << 20;

  private final DeviceMapper mapper = Linux.create().deviceMapper();

  @AfterEach
  void closeTheControlNode() {
    mapper.close();
  }

  @Test
  void aDeviceIsThereWhenItsCreationReturnsAndGoneAfterItsRemoval() throws IOException {
    List<DeviceTarget> table = List.of(DeviceTarget.whole(SIZE, "zero", ""));
    MappedDevice made = mapper.create(NAME, "CISTERN-test", Access.READ_WRITE, table);
    try {
      assertThat(Files.exists(made.path())).isTrue();
      assertThat(mapper.names()).contains(NAME);
      assertThat(mapper.table(NAME)).isEqualTo(table);
      assertThat(mapper.tableIfPresent(NAME)).isEqualTo(table);
      assertThat(mapper.statusIfPresent(NAME)).hasSize(1);
      assertThat(mapper.device(NAME)).hasValue(made);
      assertThat(made.uuid()).isEqualTo("CISTERN-test");
      assertThatThrownBy(() -> mapper.create(NAME, "CISTERN-other", Access.READ, table))
          .isInstanceOfSatisfying(
              SystemCallException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EBUSY));
    } finally {
      mapper.remove(NAME, Duration.ZERO);
    }
    assertThat(Files.exists(made.path())).isFalse();
    assertThat(mapper.device(NAME)).isEmpty();
    assertThat(mapper.tableIfPresent(NAME)).isEmpty();
    assertThat(mapper.statusIfPresent(NAME)).isEmpty();
  }

  @Test
  void aTableThatTheKernelRefusesLeavesNothing() throws IOException {
    List<DeviceTarget> wrong = List.of(DeviceTarget.whole(SIZE, "no-such-target", ""));

    assertThatThrownBy(() -> mapper.create(NAME, "", Access.READ_WRITE, wrong))
        .isInstanceOf(SystemCallException.class);
    assertThat(mapper.device(NAME)).isEmpty();
  }

  @Test
  void aMessageThatATargetDoesNotKnowIsRefused() throws IOException {
    MappedDevice made = zeros();
    try {
      assertThatThrownBy(() -> mapper.message(NAME, "no such message"))
          .isInstanceOfSatisfying(
              SystemCallException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EINVAL));
    } finally {
      mapper.remove(NAME, Duration.ofSeconds(30));
    }
    assertThat(Files.exists(made.path())).isFalse();
    assertThatThrownBy(() -> mapper.message(NAME, "no such message"))
        .isInstanceOfSatisfying(
            SystemCallException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ENXIO));
  }

  @Test
  void aRemovalWaitsForAReaderThatIsGoneSoonAndGivesUpOnOneThatStays() throws Exception {
    MappedDevice made = zeros();
    FileChannel reader = FileChannel.open(made.path(), StandardOpenOption.READ);
    assertThat(mapper.device(NAME).orElseThrow().openCount()).isEqualTo(1);
    assertThatThrownBy(() -> mapper.remove(NAME, Duration.ofMillis(100)))
        .isInstanceOfSatisfying(
            SystemCallException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EBUSY));
    assertThat(Files.exists(made.path())).isTrue();

    CompletableFuture<Void> leaving =
        CompletableFuture.runAsync(
            () -> close(reader), CompletableFuture.delayedExecutor(200, TimeUnit.MILLISECONDS));
    mapper.remove(NAME, Duration.ofSeconds(30));
    leaving.join();
    assertThat(mapper.device(NAME)).isEmpty();
  }

  @Test
  void aDeviceThatIsToBeRemovedWhenClosedServesItsReaderUntilThen() throws Exception {
    MappedDevice made = zeros();
    try (FileChannel reader = FileChannel.open(made.path(), StandardOpenOption.READ)) {
      mapper.removeWhenClosed(NAME);
      assertThat(Files.exists(Path.of("/sys/block/dm-" + minor(made)))).isTrue();
      assertThat(reader.read(java.nio.ByteBuffer.allocate(10))).isEqualTo(10);
      // Its number may be another device's by the time that the kernel removes it.
      assertThat(Files.isSymbolicLink(made.path())).isFalse();
    }
    // The kernel does it on a thread of its own.
    for (int attempt = 0; attempt < 1000 && mapper.device(NAME).isPresent(); attempt++) {
      TimeUnit.MILLISECONDS.sleep(10);
    }
    assertThat(mapper.device(NAME)).isEmpty();
  }

  private MappedDevice zeros() throws IOException {
    return mapper.create(
        NAME, "", Access.READ_WRITE, List.of(DeviceTarget.whole(SIZE, "zero", "")));
  }

  private static String minor(MappedDevice device) {
    return device.number().substring(device.number().indexOf(':') + 1);
  }

  private static void close(FileChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
