package io.cistern.driver.lvmthin;

import io.cistern.driver.lvmthin.Garbage.Found;
import io.cistern.storage.spi.DriverException;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes what is no longer needed, and deactivates revisions, in the background: nobody who starts
 * or stops a VM waits for it. It remembers nothing that matters, but looks for {@link Garbage} each
 * time; so what a process leaves is found by the next one.
 *
 * <p>At most one thread works, as long as there is work, on a few logical volumes at a time.
 */
final class Reclaimer {
  private static final Logger log = LoggerFactory.getLogger(Reclaimer.class);
  private static final int BATCH = 16;
  private static final int MOST_ROUNDS = 1000;

  private final String pool;
  private final LvmCommands commands;
  private final Garbage garbage;
  private final GradualDiscard discard;
  private final LvmRunner.Action durability;
  private final ThreadFactory threads;

  /** Held from the search to the removal: what was found must not get another meaning between. */
  private final ReentrantLock working = new ReentrantLock(true);

  /** The rest is guarded by this. */
  private @Nullable Thread worker;

  private boolean wanted;
  private boolean ended;

  /** Whether the last attempt broke off in a way that makes it better not to try at the end. */
  private boolean broken;

  /**
   * Removes what is garbage in a pool.
   *
   * @param durability has durable what says that it is garbage: a power failure must not bring back
   *     what the disk was told to discard
   */
  Reclaimer(
      String pool,
      LvmCommands commands,
      Garbage garbage,
      GradualDiscard discard,
      LvmRunner.Action durability,
      ThreadFactory threads) {
    this.pool = pool;
    this.commands = commands;
    this.garbage = garbage;
    this.discard = discard;
    this.durability = durability;
    this.threads = threads;
  }

  /** Has somebody look for garbage soon. */
  synchronized void wake() {
    if (ended) {
      return;
    }
    wanted = true;
    if (worker == null) {
      Thread thread = threads.newThread(this::work);
      thread.setName("cistern-reclaim-" + pool);
      thread.setDaemon(true);
      try {
        thread.start();
        worker = thread;
      } catch (OutOfMemoryError e) {
        // Nobody who has done his work fails for that: the next one who wakes it tries again.
        log.warn("{}: no thread can be started that removes what is no longer needed", pool, e);
      }
    }
  }

  private void work() {
    while (isWanted()) {
      try {
        pass(true);
      } catch (DriverException e) {
        log.warn(
            "{}: what is no longer needed can't be removed yet: {}. {}",
            pool,
            e.getMessage(),
            e.remedy());
      } catch (IOException | RuntimeException e) {
        log.warn("{}: what is no longer needed can't be removed yet", pool, e);
      } catch (Error e) {
        log.warn("{}: the removal of what is no longer needed broke off", pool, e);
        breakOff();
      }
    }
  }

  private synchronized boolean isWanted() {
    boolean goOn = wanted && !ended;
    wanted = false;
    broken &= !goOn;
    if (!goOn) {
      worker = null;
      notifyAll();
    }
    return goOn;
  }

  private synchronized boolean isEnded() {
    return ended;
  }

  private synchronized void breakOff() {
    broken = true;
  }

  private synchronized boolean isBroken() {
    return broken;
  }

  private synchronized void end() {
    ended = true;
  }

  /** Removes all that can be removed now, without discarding it. */
  void pass() throws IOException {
    pass(false);
  }

  private void pass(boolean inBackground) throws IOException {
    for (int round = 0; round < MOST_ROUNDS; round++) {
      if (!passOnce(inBackground)) {
        return;
      }
    }
  }

  /** Removes some; tells whether there is more. Who needs the lock waits for one step at most. */
  private boolean passOnce(boolean inBackground) throws IOException {
    while (true) {
      working.lock();
      try {
        if (inBackground && isEnded()) {
          return false;
        }
        Found found = garbage.find();
        List<ThinLv> batch = first(found.removable());
        if (!batch.isEmpty()) {
          durability.run();
        }
        if (!inBackground || !discard.step(batch)) {
          return removeOrDeactivate(batch, found.idle());
        }
      } finally {
        working.unlock();
      }
    }
  }

  private boolean removeOrDeactivate(List<ThinLv> removable, List<String> idle) throws IOException {
    if (!removable.isEmpty()) {
      commands.remove(removable.stream().map(ThinLv::name).toList());
      return true;
    }
    if (!idle.isEmpty()) {
      commands.deactivate(first(idle));
    }
    return idle.size() > BATCH;
  }

  private static <T> List<T> first(List<T> all) {
    return all.subList(0, Math.min(BATCH, all.size()));
  }

  /** Does something while nothing is being removed, and waits for what is. */
  void undisturbed(LvmRunner.Action action) throws IOException {
    working.lock();
    try {
      action.run();
    } finally {
      working.unlock();
    }
  }

  /** Gives up what is left of a volume that was removed, and its tombstone last. */
  void finishRemoval(String base) throws IOException {
    working.lock();
    try {
      giveUp(garbage.ofRemoved(base), new LvNames(base));
      giveUp(garbage.tombstones(base), new LvNames(base));
    } finally {
      working.unlock();
    }
  }

  /**
   * Has logical volumes of a volume mean nothing any more, whoever has them open: they get a name
   * under which they are removed in the background. Those that are removed already are left out.
   */
  void giveUp(Collection<ThinLv> all, LvNames names) throws IOException {
    working.lock();
    try {
      List<String> left = garbage.existing(all.stream().map(ThinLv::name).toList());
      for (ThinLv lv : all) {
        if (lv.role() != LvRole.DROPPED && left.contains(lv.name())) {
          commands.rename(lv.name(), names.dropped(lv.tags().content()));
        }
      }
    } finally {
      working.unlock();
    }
    wake();
  }

  /** Removes logical volumes now, those that are still there. */
  void removeNow(Collection<String> names) throws IOException {
    working.lock();
    try {
      List<String> left = garbage.existing(names);
      if (!left.isEmpty()) {
        commands.remove(left);
      }
    } finally {
      working.unlock();
    }
  }

  /** Waits until nothing is being done in the background; tells whether that came. */
  synchronized boolean awaitIdle(Duration patience) throws InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    while (worker != null) {
      long left = (deadline - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        return false;
      }
      wait(left);
    }
    return true;
  }

  /**
   * Finishes what there is to do; what can't be done is found by the next process, which may come
   * as soon as this returns: nothing is done any more then.
   */
  void close(Duration patience) {
    boolean tryOnce = !isEnded();
    try {
      boolean idle = awaitIdle(patience);
      end();
      if (tryOnce && idle && !isBroken() && !commands.runner().isPending()) {
        pass();
      }
    } catch (IOException | RuntimeException e) {
      log.warn("{}: what is no longer needed is left to whoever opens the pool next", pool, e);
    } catch (InterruptedException e) {
      end();
      Thread.currentThread().interrupt();
    } finally {
      awaitStep();
    }
  }

  /** Once this has ended, whoever still works in the background does so before the next step. */
  private void awaitStep() {
    working.lock();
    try {
      log.debug("{}: nothing is removed any more", pool);
    } finally {
      working.unlock();
    }
  }
}
