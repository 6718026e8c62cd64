package io.cistern.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.cistern.storage.StorageEvent;
import io.cistern.storage.StorageException;
import io.cistern.storage.Volume;
import io.cistern.storage.VolumeExport;
import io.cistern.storage.VolumeState;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Rules 801 to 804: many operations at once. */
abstract class ConcurrencyRules extends QuestionRules {
  private static final int MANY = 100;

  @Test
  @Rule(801)
  void rule801_operationsTakeEffectInTheOrderOfTheCalls() {
    ready();
    Volume root = origin("root");
    List<CompletableFuture<?>> calls = new ArrayList<>();
    List<StorageEvent.Type> expected = new ArrayList<>();
    calls.add(root.create());
    expected.add(StorageEvent.Type.CREATED);
    for (int i = 1; i <= 10; i++) {
      calls.add(root.start());
      calls.add(root.stop());
      calls.add(root.resize(SIZE + i * rounded(1)));
      expected.addAll(
          List.of(
              StorageEvent.Type.STARTED, StorageEvent.Type.COMMITTED, StorageEvent.Type.RESIZED));
    }
    calls.add(root.remove());
    calls.add(root.create());
    calls.add(root.start());
    expected.addAll(
        List.of(StorageEvent.Type.REMOVED, StorageEvent.Type.CREATED, StorageEvent.Type.STARTED));
    calls.forEach(this::await);
    assertThat(await(root.state())).as(rule()).isEqualTo(VolumeState.STARTED);
    assertThat(types(root)).as("%s: what happened", rule()).isEqualTo(expected);
  }

  private List<StorageEvent.Type> types(Volume volume) {
    return scenario().events().stream()
        .filter(event -> event.volume().filter(volume.id()::equals).isPresent())
        .map(StorageEvent::type)
        .toList();
  }

  @Test
  @Rule(801)
  void rule801_callsOfManyThreadsTakeEffectOneAtATime() throws Exception {
    ready();
    Volume root = origin("root", content());
    ExecutorService callers = scenario().tool(new Callers(8)).threads();
    List<CompletableFuture<?>> calls = new ArrayList<>();
    for (int i = 0; i < MANY / 4; i++) {
      calls.add(calledOn(callers, root::start));
      calls.add(calledOn(callers, root::stop));
    }
    calls.forEach(this::await);
    await(root.stop());
    await(root.verify());
    assertThat(await(root.state())).as(rule()).isEqualTo(VolumeState.STOPPED);
  }

  private static <T> CompletableFuture<T> calledOn(
      Executor thread, Supplier<CompletableFuture<T>> call) {
    CompletableFuture<T> result = new CompletableFuture<>();
    thread.execute(
        () -> {
          var unused =
              call.get()
                  .whenComplete(
                      (value, failure) -> {
                        if (failure == null) {
                          result.complete(value);
                        } else {
                          result.completeExceptionally(failure);
                        }
                      });
        });
    return result;
  }

  /** Both copies are halfway at once, which would not be if one waited for the other. */
  @Test
  @Rule(802)
  void rule802_volumesAreCopiedIntoSideBySideWhileOthersStart() {
    ready();
    Content content = content();
    Volume one = origin("one");
    Volume two = origin("two");
    Volume other = origin("other", content);
    GatedChannel first = new GatedChannel(content());
    GatedChannel second = new GatedChannel(content());
    CompletableFuture<Volume> copyingOne = one.importFrom(first, SIZE);
    CompletableFuture<Volume> copyingTwo = two.importFrom(second, SIZE);
    await(first.reached());
    await(second.reached());
    await(other.start());
    assertDevice(other, content);
    await(other.stop());
    await(origin("new").create());
    assertThat(copyingOne).as(rule()).isNotDone();
    first.openGate();
    second.openGate();
    await(copyingOne);
    await(copyingTwo);
  }

  /** Each operation waits, in the middle of it, until the other has come as far. */
  @Test
  @Rule(802)
  void rule802_operationsOnDifferentVolumesRunInParallel() {
    ready();
    List<Volume> volumes = List.of(origin("one", content()), origin("two", content()));
    Meeting meeting = new Meeting(volumes.size());
    scenario().reopenWith(scenario().tool(new Callers(8)).threads());
    List<CompletableFuture<?>> calls = new ArrayList<>();
    for (Volume volume : volumes) {
      Volume again = scenario().again(volume);
      calls.add(again.importFrom(meeting.channel(content()), SIZE));
    }
    calls.forEach(this::await);
    assertThat(meeting.tookPlace()).as(rule()).isTrue();
  }

  @Test
  @Rule(803)
  void rule803_mutualImportsEnd() {
    ready();
    Volume one = origin("one", content());
    Volume two = origin("two", content());
    List<CompletableFuture<?>> calls = new ArrayList<>();
    for (int i = 0; i < MANY / 5; i++) {
      calls.add(one.importVolume(two));
      calls.add(two.importVolume(one));
    }
    calls.add(one.importVolume(one));
    awaitEnds(calls);
    await(one.start());
    await(two.start());
  }

  /** All end; those that fail do so with a refusal. */
  private void awaitEnds(List<CompletableFuture<?>> calls) {
    for (CompletableFuture<?> call : calls) {
      scenario().waiting().awaitEnd(call);
      if (call.isCompletedExceptionally()) {
        assertThat(scenario().waiting().failureOf(call))
            .as(rule())
            .isInstanceOf(StorageException.class);
        StorageException refusal = (StorageException) scenario().waiting().failureOf(call);
        assertThat(refusal.code())
            .as(rule() + ": " + refusal)
            .isNotEqualTo(StorageException.Code.IO);
      }
    }
  }

  @Test
  @Rule({803, 108})
  void rule803_aSourceIsCommittedWhileItsSnapshotsStartAndAllIsClosed() {
    ready();
    Content content = content();
    Volume root = origin("root", content, 2);
    List<Volume> snapshots = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      snapshots.add(snapshot("snap" + i, root));
    }
    Volume clone = origin("clone", content());
    List<CompletableFuture<?>> calls = new ArrayList<>();
    for (int i = 0; i < MANY / 10; i++) {
      calls.add(root.start());
      snapshots.forEach(snapshot -> calls.add(snapshot.start()));
      calls.add(clone.importVolume(root));
      calls.add(root.stop());
      calls.add(root.importVolume(clone));
      snapshots.forEach(snapshot -> calls.add(snapshot.stop()));
    }
    CompletableFuture<Void> closing = scenario().storage().closeAsync();
    awaitEnds(calls);
    await(closing);
    scenario().reopen();
    Volume again = scenario().again(root);
    await(again.start());
    await(again.stop());
  }

  @Test
  @Rule({804, 803})
  void rule804_oneThreadIsEnoughForManyWaitingOperations() {
    ready();
    scenario().reopenWith(scenario().tool(new Callers(1)).threads());
    Volume one = origin("one", content());
    Volume two = origin("two", content());
    List<CompletableFuture<?>> calls = new ArrayList<>();
    for (int i = 0; i < MANY / 4; i++) {
      calls.add(one.start());
      calls.add(one.stop());
      calls.add(one.importVolume(two));
      calls.add(two.importVolume(one));
    }
    awaitEnds(calls);
    await(one.verify());
    await(two.verify());
  }

  @Test
  @Rule(804)
  void rule804_noCallWaitsForAThread() {
    ready();
    Volume declared = origin("root", content());
    Held held = new Held();
    scenario().reopenWith(held);
    held.holdBack();
    Volume root = scenario().again(declared);
    List<CompletableFuture<?>> calls = new CopyOnWriteArrayList<>();
    // On another thread: of a driver that keeps its caller waiting, the rule has to tell.
    CompletableFuture<Void> called = CompletableFuture.runAsync(() -> callMany(root, calls));
    try {
      await(called);
      assertThat(calls).as("%s: nothing has run", rule()).noneMatch(CompletableFuture::isDone);
    } finally {
      held.letGo();
    }
    awaitEnds(calls);
  }

  private void callMany(Volume root, List<CompletableFuture<?>> calls) {
    for (int i = 0; i < MANY; i++) {
      calls.add(root.start());
    }
    calls.add(root.stop());
    calls.add(root.importVolume(root));
    calls.add(root.export().thenCompose(VolumeExport::closeAsync));
    calls.add(root.info());
    calls.add(pool().volumes());
    calls.add(pool().close());
  }

  /** Runs tasks at once, or keeps them until they may run; has no threads that could wait. */
  private static final class Held implements Executor {
    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private boolean holding;

    synchronized void holdBack() {
      holding = true;
    }

    void letGo() {
      synchronized (this) {
        holding = false;
      }
      Runnable task = next();
      while (task != null) {
        new Thread(task, "released").start();
        task = next();
      }
    }

    private synchronized Runnable next() {
      return tasks.poll();
    }

    @Override
    public void execute(Runnable task) {
      synchronized (this) {
        if (holding) {
          tasks.add(task);
          return;
        }
      }
      new Thread(task, "released").start();
    }
  }

  /** Threads that are ended with the test. */
  private record Callers(ExecutorService threads) implements AutoCloseable {
    Callers(int number) {
      this(Executors.newFixedThreadPool(number));
    }

    @Override
    public void close() {
      threads.shutdown();
    }
  }
}
