package io.cistern.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class DescriptorTest {
  @TempDir Path path;
  private final CountDownLatch syncBegan = new CountDownLatch(1);
  private final CountDownLatch syncMayEnd = new CountDownLatch(1);

  @Test
  void closingWaitsForTheCallThatRunsAndRefusesLaterOnes() throws Exception {
    try (Directory directory = Linux.create(holdingSyncs()).openDirectory(path)) {
      OpenFile file = directory.createFile("a");
      CompletableFuture<Void> sync = start(file::sync);
      syncBegan.await();
      CompletableFuture<Void> close = start(file::close);

      assertThat(close).failsWithin(200, TimeUnit.MILLISECONDS);
      assertThatIllegalStateException().isThrownBy(file::size);
      assertThat(TestFiles.openBelow(path)).hasSize(2);
      syncMayEnd.countDown();
      assertThat(sync).succeedsWithin(10, TimeUnit.SECONDS);
      assertThat(close).succeedsWithin(10, TimeUnit.SECONDS);
      assertThat(TestFiles.openBelow(path)).hasSize(1);
    }
  }

  private SystemCallSeam holdingSyncs() {
    return new SystemCallSeam() {
      @Override
      public Optional<Errno> before(SystemCall call) {
        if (call.name().equals("fsync")) {
          syncBegan.countDown();
          try {
            syncMayEnd.await();
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
        }
        return Optional.empty();
      }

      @Override
      public void after(SystemCall call, Optional<Errno> failure) {}
    };
  }

  private static CompletableFuture<Void> start(Undo.Step step) {
    return CompletableFuture.runAsync(
        () -> {
          try {
            step.undo();
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        },
        task -> new Thread(task).start());
  }
}
