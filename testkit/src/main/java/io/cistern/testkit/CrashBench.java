package io.cistern.testkit;

import io.cistern.storage.BlockDevice;
import io.cistern.storage.Capability;
import io.cistern.storage.Pool;
import io.cistern.storage.Revision;
import io.cistern.storage.StopMode;
import io.cistern.storage.Volume;
import io.cistern.storage.VolumeState;
import io.cistern.testkit.CrashOperation.Beginning;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * A pool in which volumes are brought into the states that interrupted operations begin with. Their
 * contents are the same for each volume, so that pictures of two can be compared.
 */
final class CrashBench {
  private static final int MOST_REVISIONS = 2;
  private static final int SECTOR = 512;
  private static final Content SOURCE = Content.random(43, CrashCase.SIZE);
  private static final Content WRITTEN = Content.random(45, CrashCase.SIZE);

  private final Scenario scenario;
  private final CrashCase crash;

  /** Sets the pool up, in a place that may have been used for other cases. */
  CrashBench(Scenario scenario, CrashCase crash) {
    this.scenario = scenario;
    this.crash = crash;
    Waiting waiting = scenario.waiting();
    Pool pool = scenario.pool();
    waiting.await(pool.setup());
    Volume source = pool.volume(CrashCase.source());
    CompletableFuture<Volume> present = source.verify();
    waiting.awaitEnd(present);
    if (present.isCompletedExceptionally()) {
      waiting.await(source.create());
      commit(source, SOURCE);
    }
  }

  /** Declares a volume of this name; it may be there already. */
  Volume declare(String name) {
    int most = Math.min(MOST_REVISIONS, scenario.fixture().maxRevisions());
    Pool pool = scenario.pool();
    return pool.volume(crash.config(pool, name, scenario.can(Capability.REVISIONS) ? most : 0));
  }

  /**
   * Makes a volume of this name that is as the operation begins. If that is after a crash, the pool
   * is opened again for it: volumes that were made before have to be declared anew.
   */
  Volume prepare(String name) {
    Volume volume = declare(name);
    Beginning beginning = crash.operation().beginning();
    if (beginning != Beginning.ABSENT && crash.kind().saveOnStop()) {
      int contents = MOST_REVISIONS + 1;
      if (!crash.kind().snapOnStart()) {
        scenario.waiting().await(volume.create());
        contents--;
      }
      // No more, or there would be pruned revisions, which may come back after a power cut.
      for (int seed = 1; seed <= contents; seed++) {
        commit(volume, Content.random(seed, CrashCase.SIZE));
      }
    }
    if (beginning.hasSession()) {
      startAndWrite(volume);
    }
    return beginning == Beginning.CRASHED ? crashed(name) : volume;
  }

  /**
   * Crashes the machine, as far as the volume can tell: nothing that it needs is there any more.
   */
  private Volume crashed(String name) {
    scenario.close();
    try {
      scenario.fixture().removeDevices();
    } catch (IOException e) {
      throw new AssertionError("the devices of " + name + " can't be removed", e);
    }
    scenario.reopen();
    Volume volume = declare(name);
    VolumeState state = scenario.waiting().await(volume.state());
    if (state != VolumeState.CRASHED) {
      throw new AssertionError(
          "314: %s is %s when its machine has crashed".formatted(volume, state));
    }
    return volume;
  }

  /** Removes a volume, whatever state it is in. */
  void remove(Volume volume) {
    StopMode mode = crash.isInPlace() ? StopMode.COMMIT : StopMode.DISCARD;
    scenario.waiting().await(volume.stop(mode));
    scenario.waiting().await(volume.remove());
  }

  /** The revisions that a volume has; none if it is not of a kind that has any. */
  List<Revision> revisions(Volume volume) {
    return crash.kind().saveOnStop() ? scenario.waiting().await(volume.revisions()) : List.of();
  }

  private void startAndWrite(Volume volume) {
    int half = Math.toIntExact(CrashCase.SIZE / 2);
    byte[] all = WRITTEN.bytes();
    BlockDevice device = scenario.waiting().await(volume.start());
    try {
      scenario.fixture().write(device.path(), 0, Arrays.copyOf(all, half));
      scenario.fixture().flush(device.path());
      scenario.fixture().write(device.path(), half, Arrays.copyOfRange(all, half, all.length));
    } catch (IOException e) {
      throw new AssertionError(volume + " can't be written to", e);
    }
  }

  private void commit(Volume volume, Content content) {
    BlockDevice device = scenario.waiting().await(volume.start());
    try {
      scenario.fixture().write(device.path(), 0, content.bytes());
    } catch (IOException e) {
      throw new AssertionError(volume + " can't be written to", e);
    }
    scenario.waiting().await(volume.stop());
  }

  void assertSourceIsIntact(String where) {
    Content actual = new Images(scenario).committed(scenario.pool().volume(CrashCase.source()));
    new Images(scenario).assertSame(where + ", the source", actual, SOURCE);
  }

  /**
   * Takes the picture of the volume after a power cut. Sectors that the VM has written, and not
   * flushed, may have survived or not, which a VM has to expect: they are shown as written.
   *
   * @param before the picture before the operation
   */
  Picture pictureAfterPowerCut(Volume volume, Picture before) {
    Picture actual = Picture.of(scenario, volume);
    if (!crash.operation().beginning().hasSession() || !crash.kind().saveOnStop()) {
      return actual;
    }
    // Nobody can read the committed content of what runs in place: the session is that.
    Content last = Content.random(MOST_REVISIONS, CrashCase.SIZE);
    Content begun = crash.kind().snapOnStart() ? SOURCE : before.committed().orElse(last);
    return new Picture(
        actual.committed(), actual.session().map(it -> mended(it, begun)), actual.revisions());
  }

  private static Content mended(Content session, Content begun) {
    byte[] bytes = session.bytes();
    byte[] written = WRITTEN.bytes();
    byte[] old = begun.bytes();
    int end = Math.min(bytes.length, written.length);
    for (int at = written.length / 2; at < end; at += SECTOR) {
      if (Arrays.equals(bytes, at, at + SECTOR, old, at, at + SECTOR)) {
        System.arraycopy(written, at, bytes, at, SECTOR);
      }
    }
    return Content.of(bytes);
  }
}
