package io.cistern.storage.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cistern.storage.BlockDevice;
import io.cistern.storage.Outcomes;
import io.cistern.storage.StorageException;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.Volume;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExecutionTest extends FakePools {
  @Test
  void operationsOnOneVolumeTakeEffectInTheOrderOfTheCalls() {
    AbstractVolume volume = created("a");
    Blocker blocker = place.block("doStart", "a");
    var start = volume.start();
    var stop = volume.stop();
    var resize = volume.resize(8192);
    var remove = volume.remove();
    blocker.awaitReached();
    assertThat(List.of(start, stop, resize, remove)).noneMatch(CompletableFuture::isDone);

    blocker.release();
    Outcomes.of(remove);

    assertThat(place.calls("a"))
        .containsExactly(
            "doCreate", "doStart", "doBlockDevice", "doCommit", "doResize", "doRemove");
  }

  @Test
  void operationsThatWaitHoldNoThread() {
    AbstractVolume busy = created("busy");
    Blocker blocker = place.block("doStart", "busy");
    List<CompletableFuture<?>> waiting = new ArrayList<>();
    for (int i = 0; i < 10 * THREADS; i++) {
      waiting.add(busy.start());
    }
    blocker.awaitReached();

    assertThat(Outcomes.of(started("free").stop())).isNotNull();

    assertThat(waiting).noneMatch(CompletableFuture::isDone);
    blocker.release();
    waiting.forEach(Outcomes::of);
  }

  @Test
  void questionsDoNotWaitForOperations() {
    AbstractVolume busy = created("busy");
    Blocker blocker = place.block("doStart", "busy");
    var start = busy.start();
    blocker.awaitReached();

    assertThat(Outcomes.of(busy.size())).hasValue(4096);
    assertThat(Outcomes.of(busy.info()).isDirty()).isFalse();

    blocker.release();
    Outcomes.of(start);
  }

  @Test
  void whatIsCancelledBeforeItsTurnIsNotCarriedOut() {
    AbstractVolume volume = created("a");
    Blocker blocker = place.block("doStart", "a");
    var start = volume.start();
    blocker.awaitReached();
    var cancelled = volume.resize(8192);
    var stop = volume.stop();

    assertThat(cancelled.cancel(false)).isTrue();
    blocker.release();
    Outcomes.of(start);
    Outcomes.of(stop);

    assertThat(place.calls("a")).doesNotContain("doResizeSession");
  }

  @Test
  void aStageThatWaitsForTheNextOperationDoesNotWaitForItself() {
    AbstractVolume volume = created("a");
    var both = volume.start().thenApply(device -> Outcomes.of(volume.stop()));

    assertThat(Outcomes.of(both)).isSameAs(volume);
  }

  @Test
  void aDriversRefusalKeepsItsCodeAndGetsSubjectAndAttempt() {
    AbstractVolume volume = created("a");
    place.fail("doStart", "a", new DriverException(Code.OUT_OF_SPACE, "it is full", "Free some"));

    assertThat(Outcomes.refusal(volume.start()))
        .hasMessage("p:a: cannot start: it is full. Free some. [OUT_OF_SPACE]")
        .hasCauseInstanceOf(DriverException.class);
  }

  @Test
  void anotherFailureOfInputOrOutputIsExplainedByThePool() {
    AbstractVolume volume = created("a");
    place.fail("doStart", "a", new NoSuchFileException("/srv/a.img"));
    assertThat(Outcomes.code(volume.start())).isEqualTo(Code.VOLUME_NOT_FOUND);

    place.fail("doStart", "a", new IOException("EIO"));

    assertThat(Outcomes.refusal(volume.start()))
        .hasMessageContaining("EIO")
        .extracting(StorageException::code)
        .isEqualTo(Code.IO);
  }

  @Test
  void aBugInTheDriverIsCalledOneAndTheVolumeGoesOn() {
    AbstractVolume volume = created("a");
    place.at(
        "doStart",
        "a",
        () -> {
          throw new IllegalStateException("oops");
        });

    assertThat(Outcomes.refusal(volume.start()))
        .hasMessageContaining("there is a bug: java.lang.IllegalStateException: oops")
        .hasCauseInstanceOf(IllegalStateException.class);
    place.mend("doStart", "a");
    assertThat(Outcomes.of(volume.start())).isInstanceOf(BlockDevice.class);
  }

  @Test
  void anErrorPassesThroughAndIsToldToTheListenerAsAFailure() {
    AbstractVolume volume = created("a");
    Error error = new InternalError("for the test");
    place.at(
        "doStart",
        "a",
        () -> {
          throw error;
        });

    assertThat(Outcomes.failure(volume.start())).isSameAs(error);

    assertThat(events.get(events.size() - 1).failure())
        .hasValueSatisfying(failure -> assertThat(failure).hasCause(error));
  }

  @Test
  void aFailureThatThePoolCannotExplainEndsTheOperationAllTheSame() {
    AbstractVolume volume = created("a");
    place.explanation =
        failure -> {
          throw new IllegalArgumentException("no such errno");
        };
    place.fail("doStart", "a", new IOException("EXYZ"));

    assertThat(Outcomes.code(volume.start())).isEqualTo(Code.IO);
    place.mend("doStart", "a");
    Outcomes.of(volume.start());
  }

  @Test
  void anErrorOfTheExplanationEndsTheOperationAllTheSame() {
    AbstractVolume volume = created("a");
    place.explanation =
        failure -> {
          throw new AssertionError("for the test");
        };
    place.fail("doStart", "a", new IOException("EXYZ"));
    assertThat(Outcomes.code(volume.start())).isEqualTo(Code.IO);

    place.mend("doStart", "a");
    Outcomes.of(volume.start());
    Outcomes.of(pool.close());
  }

  @Test
  void whatAListenerThrowsChangesNothing() {
    List<Throwable> thrown = List.of(new IllegalStateException("oops"), new AssertionError("oops"));
    for (Throwable failure : thrown) {
      FakePool deaf = open("deaf", new FakePlace(scratch), threads, event -> sneakyThrow(failure));
      Volume volume =
          deaf.volume(
              io.cistern.storage.VolumeConfig.builder("a").saveOnStop(true).size(512).build());

      Outcomes.of(volume.create());
      Outcomes.of(volume.start());
      Outcomes.of(deaf.close());
    }
  }

  @Test
  void aRejectedOperationFailsAndTheNextOneWorks() {
    RefusingExecutor executor = new RefusingExecutor(threads);
    pool = open("p", place, executor, events::add);
    AbstractVolume volume = created("a");

    executor.refuse();
    assertThat(Outcomes.refusal(volume.start()))
        .hasMessageContaining("the executor takes no more work")
        .extracting(StorageException::code)
        .isEqualTo(Code.CLOSED);
    assertThat(Outcomes.code(volume.size())).isEqualTo(Code.CLOSED);
    executor.accept();

    Outcomes.of(volume.start());
    Outcomes.of(pool.close());
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aPoolIsClosedThoughTheExecutorTakesNoMore(boolean rejects) {
    RefusingExecutor executor = new RefusingExecutor(threads);
    pool = open("p", place, executor, events::add);
    created("a");

    if (rejects) {
      executor.refuse();
    } else {
      executor.refuseWith(new InternalError("no thread"));
    }

    Outcomes.of(pool.close());
    assertThat(place.calls).anyMatch(call -> call.startsWith("doClose"));
  }

  @Test
  void aPoolIsClosedThoughItsExecutorHasEndedAndDroppedAnOperation() {
    ExecutorService one = Executors.newSingleThreadExecutor();
    pool = open("p", place, one, events::add);
    AbstractVolume volume = created("a");
    Blocker blocker = place.block("doStart", "a");
    var start = volume.start();
    blocker.awaitReached();
    var dropped = volume.size();
    List<Runnable> waiting = one.shutdownNow();
    CompletableFuture<Void> closed = pool.close();
    assertThat(closed).isNotDone();
    blocker.release();
    Outcomes.of(closed);

    assertThat(waiting).isNotEmpty();
    assertThat(start).isDone();
    assertThat(dropped).isNotDone();
    assertThat(place.calls).anyMatch(call -> call.startsWith("doClose"));
  }

  @Test
  void anErrorOfTheExecutorEndsTheOperationAndTheNextOneWorks() {
    RefusingExecutor executor = new RefusingExecutor(threads);
    pool = open("p", place, executor, events::add);
    AbstractVolume volume = created("a");

    executor.refuseWith(new InternalError("no thread"));
    assertThat(Outcomes.failure(volume.start())).isInstanceOf(InternalError.class);
    assertThat(Outcomes.failure(volume.size())).isInstanceOf(InternalError.class);
    executor.accept();

    Outcomes.of(volume.start());
    Outcomes.of(pool.close());
  }

  @Test
  void hundredsThatWaitAreAllRejectedWhenTheExecutorEnds() {
    RefusingExecutor executor = new RefusingExecutor(threads);
    pool = open("p", place, executor, events::add);
    AbstractVolume volume = created("a");
    Blocker blocker = place.block("doStart", "a");
    var start = volume.start();
    blocker.awaitReached();
    List<CompletableFuture<?>> waiting = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      waiting.add(volume.stop());
    }

    executor.refuse();
    blocker.release();

    Outcomes.of(start);
    await().until(() -> waiting.stream().allMatch(CompletableFuture::isCompletedExceptionally));
  }

  @SuppressWarnings("unchecked")
  private static <T extends Throwable> void sneakyThrow(Throwable thrown) throws T {
    throw (T) thrown;
  }
}
