package io.cistern.storage.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.cistern.storage.StorageException;
import io.cistern.storage.StorageException.Code;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class OperationGateTest {
  private final OperationGate gate = new OperationGate();

  @Test
  void anEmptyGateIsDrained() {
    assertThat(gate.whenDrained()).isCompleted();
  }

  @Test
  void itIsDrainedWhenTheLastOneHasLeft() {
    gate.enter("volume", "start");
    gate.enter("volume", "stop");
    CompletableFuture<Void> drained = gate.whenDrained();
    gate.exit();
    assertThat(drained).isNotDone();

    gate.exit();

    assertThat(drained).isCompleted();
  }

  @Test
  void aClosedGateLetsNobodyInAndIsClosedOnce() {
    assertThat(gate.close()).isTrue();
    assertThat(gate.close()).isFalse();

    assertRefused(Code.CLOSED);
    assertThatExceptionOfType(StorageException.class)
        .isThrownBy(() -> gate.checkOpen("pool p", "declare a"))
        .withMessageContaining("pool p: cannot declare a");
  }

  @Test
  void aPausedGateLetsNobodyInUntilItIsResumed() {
    gate.pause();
    assertRefused(Code.POOL_NOT_READY);

    gate.resume();
    gate.enter("volume", "start");

    assertThat(gate.whenDrained()).isNotDone();
  }

  @Test
  void aGateThatIsBothClosedAndPausedSaysClosed() {
    gate.pause();
    gate.close();

    assertRefused(Code.CLOSED);
  }

  private void assertRefused(Code code) {
    assertThatExceptionOfType(StorageException.class)
        .isThrownBy(() -> gate.enter("volume", "start"))
        .matches(e -> e.code() == code)
        .withMessageContaining("volume: cannot start");
    assertThat(gate.whenDrained()).isCompleted();
  }
}
