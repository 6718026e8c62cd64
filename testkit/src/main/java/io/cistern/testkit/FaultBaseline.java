package io.cistern.testkit;

import io.cistern.storage.Revision;
import io.cistern.storage.StorageException;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.Volume;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * What an operation that is not disturbed does to a volume, once and when it is repeated.
 *
 * @param before before it
 * @param after after it
 * @param twice after a second one
 * @param refusal what the second one is refused with, if it is
 * @param steps how many steps it has, those in the background after its end included
 * @param revisions those before it
 */
record FaultBaseline(
    Looks before,
    Looks after,
    Looks twice,
    Optional<Code> refusal,
    int steps,
    List<Revision> revisions) {

  /**
   * A volume as it looks at once, and after its pool was opened again, which ends some sessions.
   *
   * @param live at once
   * @param reopened after that
   */
  record Looks(Picture live, Picture reopened) {
    Looks withoutSession() {
      return new Looks(live.contents(), reopened.contents());
    }
  }

  /** Finds out, with volumes of their own, which it removes. */
  static FaultBaseline of(Scenario scenario, CrashBench bench, CrashCase crash) {
    Waiting waiting = scenario.waiting();
    final List<Revision> revisions = bench.revisions(bench.prepare("before"));
    Volume unused = bench.prepare("after");
    Volume repeated = bench.prepare("twice");
    Volume untouched = bench.declare("before");
    Volume changed = bench.declare("after");
    scenario.awaitBackground();
    scenario.probe().revive();
    waiting.await(crash.run(changed));
    scenario.awaitBackground();
    final int steps = scenario.probe().count();
    waiting.await(crash.run(repeated));
    final Optional<Code> refusal = refusalOf(waiting, crash.run(repeated));
    Picture before = Picture.of(scenario, untouched);
    Picture after = Picture.of(scenario, changed);
    Picture twice = Picture.of(scenario, repeated);
    scenario.reopen();
    return new FaultBaseline(
        new Looks(before, reopened(scenario, bench, "before")),
        new Looks(after, reopened(scenario, bench, "after")),
        new Looks(twice, reopened(scenario, bench, "twice")),
        refusal,
        steps,
        revisions);
  }

  /** Returns what a volume may look like when the operation was repeated after such a picture. */
  List<Looks> repeatedAfter(Picture contents) {
    boolean notDone = contents.equals(before.live.contents());
    boolean done = !contents.equals(before.live.contents()) || isSame();
    return notDone && done ? List.of(after, twice) : List.of(notDone ? after : twice);
  }

  /** Nobody sees by the contents whether it was done. */
  private boolean isSame() {
    return before.live.contents().equals(after.live.contents());
  }

  private static Picture reopened(Scenario scenario, CrashBench bench, String name) {
    Volume volume = bench.declare(name);
    Picture picture = Picture.of(scenario, volume);
    bench.remove(volume);
    return picture;
  }

  private static Optional<Code> refusalOf(Waiting waiting, CompletableFuture<?> second) {
    waiting.awaitEnd(second);
    if (!second.isCompletedExceptionally()) {
      return Optional.empty();
    }
    if (waiting.failureOf(second) instanceof StorageException refusal) {
      return Optional.of(refusal.code());
    }
    throw new AssertionError("a second time fails", waiting.failureOf(second));
  }
}
