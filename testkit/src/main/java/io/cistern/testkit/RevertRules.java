package io.cistern.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.cistern.storage.Capability;
import io.cistern.storage.RevisionId;
import io.cistern.storage.StorageException;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.Volume;
import io.cistern.storage.VolumeExport;
import io.cistern.storage.VolumeUpdate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Rules 404 and 405: the way back. */
abstract class RevertRules extends RevisionRules {
  /** Of how many steps one is tried where not all are. */
  private static final int FEW_STEPS = 5;

  private static final Patience PATIENCE = new Patience(50);

  private boolean canRevert() {
    return can(Capability.REVERT) && keep(1) > 0;
  }

  @Test
  @Rule(404)
  void rule404_withoutTheFeatureRevertIsRefused() {
    ready();
    if (can(Capability.REVERT)) {
      return;
    }
    Volume volume = origin("root", content(), 1);
    assertRefused(Code.UNSUPPORTED, volume, volume::revert);
    assertRefused(Code.UNSUPPORTED, volume, () -> volume.revert(new RevisionId(1)));
  }

  @Test
  @Rule(404)
  void rule404_theChosenContentAndTheReplacedOneChangePlaces() {
    if (!canRevert()) {
      return;
    }
    ready();
    Content first = content();
    Volume volume = origin("root", first, 3);
    Content second = content();
    commit(volume, second);
    List<Content> revisions = new ArrayList<>(images().revisions(volume));
    RevisionId oldest = revisionIds(volume).get(0);
    Content chosen = revisions.remove(0);
    assertThat(await(volume.revert(oldest))).as(rule()).isSameAs(volume);
    revisions.add(second);
    assertContent(volume, chosen);
    assertRevisions(volume, revisions.toArray(Content[]::new));
    assertThat(revisionIds(volume)).as(rule()).doesNotContain(oldest);
    scenario().reopen();
    Volume again = scenario().again(volume);
    assertContent(again, chosen);
    assertRevisions(again, revisions.toArray(Content[]::new));
    await(again.start());
    assertDevice(again, chosen);
  }

  @Test
  @Rule(404)
  void rule404_theSizeIsThatOfTheChosenContent() {
    if (!canRevert()) {
      return;
    }
    ready();
    Content first = content();
    Volume volume = origin("root", first, 2);
    Content larger = content().resized(2 * SIZE);
    await(volume.importFrom(GatedChannel.open(larger), larger.size()));
    await(volume.revert());
    assertContent(volume, first);
    assertThat(await(volume.size())).as(rule()).hasValue(SIZE);
    await(volume.revert());
    assertContent(volume, larger);
    assertThat(await(volume.size())).as(rule()).hasValue(2 * SIZE);
  }

  @Test
  @Rule(404)
  void rule404_nothingIsPrunedAndTheReplacedContentIsKeptIfAnyAre() {
    if (!canRevert()) {
      return;
    }
    ready();
    Volume volume = origin("root", content(), 3);
    commit(volume, content());
    int revisions = revisionIds(volume).size();
    await(volume.update(VolumeUpdate.revisionsToKeep(keep(1))));
    await(volume.revert());
    assertThat(revisionIds(volume)).as("%s: one went, one came", rule()).hasSize(revisions);
    await(volume.update(VolumeUpdate.revisionsToKeep(0)));
    await(volume.revert());
    assertThat(revisionIds(volume)).as("%s: none are kept", rule()).hasSize(revisions - 1);
  }

  @Test
  @Rule(404)
  void rule404_aReadOnlyVolumeIsNotReverted() {
    if (!canRevert()) {
      return;
    }
    ready();
    Volume volume = origin("root", content(), 1);
    await(volume.update(VolumeUpdate.rw(false)));
    assertRefused(Code.READ_ONLY, volume, volume::revert);
    await(volume.update(VolumeUpdate.rw(true)));
    await(volume.revert());
  }

  private Volume withRevisions(String name, Content first, Content second) {
    Volume volume = origin(name, first, 2);
    commit(volume, second);
    return volume;
  }

  @Test
  @Rule({404, 901})
  void rule404_aRevertThatIsInterruptedIsDoneOrNotBegun() {
    if (!canRevert()) {
      return;
    }
    ready();
    Content first = content();
    Content second = content();
    new EveryStep(scenario(), "revert", name -> withRevisions(name, first, second), Volume::revert)
        .dies();
  }

  @Test
  @Rule({404, 704})
  void rule404_atNoStepOfARevertDoesAQuestionFindNoContent() {
    if (!canRevert()) {
      return;
    }
    ready();
    Content first = content();
    Content second = content();
    Volume volume = withRevisions("root", first, second);
    assertContentAtEveryStep(volume, List.of(second, first), Volume::revert);
  }

  @Test
  @Rule({307, 704})
  void rule307_atNoStepOfAStopDoesAQuestionFindNoContent() {
    ready();
    Content first = content();
    Content second = content();
    Volume volume = origin("root", first, 1);
    if (can(Capability.EXPORT_WHILE_RUNNING)) {
      startAndWrite(volume, second);
      assertContentAtEveryStep(volume, List.of(first, second), Volume::stop);
    }
  }

  /** Asks at each step; the answer may come later, since a driver has locks of its own. */
  private void assertContentAtEveryStep(
      Volume volume,
      List<Content> contents,
      Function<Volume, CompletableFuture<Volume>> operation) {
    List<Supplier<CompletableFuture<?>>> questions = List.of(volume::verify, volume::export);
    Duration longest = fixture().patience().dividedBy(FEW_STEPS);
    long patience =
        PATIENCE.of(() -> questions.forEach(call -> answered(call.get(), contents)), longest);
    long end = System.nanoTime() + longest.toNanos();
    Queue<CompletableFuture<?>> answers = new ConcurrentLinkedQueue<>();
    AtomicInteger steps = new AtomicInteger();
    AtomicInteger atOnce = new AtomicInteger();
    int stride = fixture().stepsToTry() == Integer.MAX_VALUE ? 1 : FEW_STEPS;
    scenario()
        .probe()
        .doBeforeEach(
            () -> {
              if (steps.getAndIncrement() % stride == 0) {
                for (Supplier<CompletableFuture<?>> question : questions) {
                  CompletableFuture<?> answer = question.get();
                  answers.add(answer);
                  // All of them together hold the operation up.
                  long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
                  long wait = Math.max(0, Math.min(patience, left));
                  boolean isAnswered = scenario().waiting().endsWithin(answer, wait);
                  atOnce.addAndGet(isAnswered ? 1 : 0);
                }
              }
            });
    await(operation.apply(volume));
    scenario().probe().revive();
    answers.forEach(answer -> answered(answer, contents));
    overtakings()
        .note(
            "%s: %d questions at %d steps, %d answered before it went on"
                .formatted(rule(), answers.size(), steps.get(), atOnce.get()));
  }

  /** What is read is one of the contents. */
  private void answered(CompletableFuture<?> answer, List<Content> contents) {
    if (await(answer) instanceof VolumeExport export) {
      assertThat(contents).as("%s: what is read", rule()).contains(images().at(export.path()));
      await(export.closeAsync());
    }
  }

  @Test
  @Rule(405)
  void rule405_revertWithoutAnIdTakesTheNewest() {
    if (!canRevert()) {
      return;
    }
    ready();
    Content first = content();
    Volume volume = withRevisions("root", first, content());
    await(volume.revert());
    assertContent(volume, first);
  }

  @Test
  @Rule(405)
  void rule405_anUnknownRevisionIsRefusedNamingThoseThereAre() {
    if (!canRevert()) {
      return;
    }
    ready();
    Volume volume = origin("root", content(), 1);
    RevisionId unknown = new RevisionId(Long.MAX_VALUE);
    StorageException refusal =
        assertRefused(Code.NO_SUCH_REVISION, volume, () -> volume.revert(unknown));
    assertThat(refusal).as(rule()).hasMessageContaining(revisionIds(volume).get(0).toString());
    Volume empty = origin("empty", content());
    assertRefused(Code.NO_SUCH_REVISION, empty, empty::revert);
  }

  @Test
  @Rule(405)
  void rule405_aVolumeWithASessionIsNotReverted() {
    if (!canRevert()) {
      return;
    }
    ready();
    Volume volume = origin("root", content(), 1);
    Content written = content();
    startAndWrite(volume, written);
    assertRefused(Code.VOLUME_DIRTY, volume, volume::revert);
    scenario().crash();
    Volume crashed = scenario().again(volume);
    assertRefused(Code.VOLUME_DIRTY, crashed, crashed::revert);
    await(crashed.stop());
    assertContent(crashed, written);
  }
}
