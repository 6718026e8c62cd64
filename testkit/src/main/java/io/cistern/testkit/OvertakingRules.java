package io.cistern.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.cistern.storage.RevisionId;
import io.cistern.storage.StorageException;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.Volume;
import io.cistern.storage.VolumeExport;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/**
 * Rule 508, where operations overtake an export: it does not wait for them, so that one may come
 * between any two of its steps.
 */
abstract class OvertakingRules extends ExportRules {
  /** Where a driver makes the operation wait for the export, that goes on after this. */
  private static final long LONGEST_MILLIS = 300;

  @Test
  @Rule(508)
  void rule508_anExportThatARemovalOvertakesIsWholeOrRefused() {
    ready();
    Content content = content();
    overtake(
        "a removal",
        name -> new Subject(origin(name, content)),
        Volume::remove,
        List.of(content),
        List.of(Code.VOLUME_NOT_FOUND));
  }

  @Test
  @Rule(508)
  void rule508_anExportThatACommitOvertakesIsTheOldContentOrTheNew() {
    ready();
    Content old = content();
    Content imported = content();
    overtake(
        "a commit",
        name -> new Subject(origin(name, old)),
        volume -> volume.importFrom(GatedChannel.open(imported), SIZE),
        List.of(old, imported),
        List.of());
  }

  @Test
  @Rule(508)
  void rule508_anExportOfARevisionThatIsPrunedIsWholeOrRefused() {
    ready();
    if (keep(1) == 0) {
      Volume root = origin("root", content());
      assertRefused(Code.NO_SUCH_REVISION, root, () -> root.export(new RevisionId(1)));
      return;
    }
    Content first = content();
    Content second = content();
    overtake(
        "pruning",
        name -> {
          Volume volume = origin(name, first, 1);
          commit(volume, second);
          return new Subject(volume, Optional.of(revisionIds(volume).get(0)));
        },
        volume -> volume.importFrom(GatedChannel.open(content()), SIZE),
        List.of(first),
        List.of(Code.NO_SUCH_REVISION));
  }

  /** A volume, and the revision of it that is exported, if it is one. */
  private record Subject(Volume volume, Optional<RevisionId> revision) {
    Subject(Volume volume) {
      this(volume, Optional.empty());
    }

    CompletableFuture<VolumeExport> export() {
      return revision.isPresent() ? volume.export(revision.get()) : volume.export();
    }
  }

  /** Exports one volume after another, and lets each be overtaken one step later. */
  private void overtake(
      String what,
      Function<String, Subject> prepare,
      Function<Volume, CompletableFuture<?>> operation,
      List<Content> contents,
      List<Code> refusals) {
    int steps = stepsOf(prepare.apply("alone"));
    int stride = 1 + steps / Math.max(1, fixture().stepsToTry());
    for (int step = 1; step <= steps + 1; step += stride) {
      Subject subject = prepare.apply("overtaken" + step);
      Overtaking overtaking = new Overtaking(() -> operation.apply(subject.volume()), step);
      scenario().probe().doBeforeEach(overtaking);
      CompletableFuture<VolumeExport> exporting = subject.export();
      scenario().waiting().awaitEnd(exporting);
      scenario().probe().revive();
      String where = "%s before step %d of an export".formatted(what, step);
      assertWholeOrRefused(where, exporting, contents, refusals);
      await(overtaking.called());
    }
  }

  private int stepsOf(Subject subject) {
    scenario().probe().revive();
    VolumeExport undisturbed = await(subject.export());
    int steps = scenario().probe().count();
    await(undisturbed.closeAsync());
    return steps;
  }

  private void assertWholeOrRefused(
      String where,
      CompletableFuture<VolumeExport> exporting,
      List<Content> contents,
      List<Code> refusals) {
    if (exporting.isCompletedExceptionally()) {
      Throwable failure = scenario().waiting().failureOf(exporting);
      assertThat(failure).as("%s: %s", rule(), where).isInstanceOf(StorageException.class);
      StorageException refusal = (StorageException) failure;
      assertThat(refusals).as("%s: %s: %s", rule(), where, refusal).contains(refusal.code());
      assertHelps(refusal);
      return;
    }
    VolumeExport export = await(exporting);
    Content actual = images().at(export.path());
    await(export.closeAsync());
    assertThat(contents).as("%s: %s", rule(), where).contains(actual);
  }

  /** Calls an operation before a step of another, and lets it end if it can. */
  private final class Overtaking implements Runnable {
    private final Supplier<CompletableFuture<?>> operation;
    private final AtomicInteger left;
    private final CompletableFuture<CompletableFuture<?>> call = new CompletableFuture<>();

    Overtaking(Supplier<CompletableFuture<?>> operation, int step) {
      this.operation = operation;
      this.left = new AtomicInteger(step);
    }

    @Override
    public void run() {
      if (left.decrementAndGet() == 0) {
        CompletableFuture<?> running = operation.get();
        call.complete(running);
        scenario().waiting().endsWithin(running, LONGEST_MILLIS);
      }
    }

    /** Returns the operation, which is called now if there was no such step. */
    CompletableFuture<?> called() {
      return call.isDone() ? call.join() : operation.get();
    }
  }
}
