package io.cistern.driver.lvmthin;

import com.google.common.base.Joiner;
import com.google.common.cache.CacheBuilder;
import com.google.common.cache.CacheLoader;
import com.google.common.cache.LoadingCache;
import io.cistern.linux.CommandFailedException;
import io.cistern.linux.CommandPendingException;
import io.cistern.linux.ExternalCommand;
import io.cistern.linux.ExternalCommands;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.spi.DriverException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Runs commands of LVM on one volume group: one at a time in this process, in the order in which
 * they are asked for (between processes LVM has a lock of its own). After one that did not end in
 * time there are no others until it has ended (rule 1005).
 */
final class LvmRunner {

  /** What the pools of a process on the same volume group have in common. */
  private static final class Group {
    private final ReentrantLock lock = new ReentrantLock(true);
    private final AtomicReference<@Nullable CommandPendingException> pending =
        new AtomicReference<>();
  }

  private static final LoadingCache<String, Group> GROUPS =
      CacheBuilder.newBuilder()
          .weakValues()
          .build(
              new CacheLoader<>() {
                @Override
                public Group load(String volumeGroup) {
                  return new Group();
                }
              });

  /** Those are not forgotten with the pool that has run the command. */
  private static final Set<Group> PENDING = ConcurrentHashMap.newKeySet();

  private final Machine machine;
  private final ExternalCommands commands;
  private final Group group;
  private volatile Mending mending = failure -> false;

  /** Something to do, with commands or between them. */
  interface Action {
    /** Does it. */
    void run() throws IOException;
  }

  /** Takes away what commands fail by. */
  interface Mending {
    /** Tells whether this is mended now, so that the command may be run again. */
    boolean mend(CommandFailedException failure) throws IOException;
  }

  LvmRunner(Machine machine, ExternalCommands commands, String volumeGroup) {
    this.machine = machine;
    this.commands = commands;
    this.group = GROUPS.getUnchecked(volumeGroup);
  }

  /** Has what commands fail by looked at. */
  void mendedBy(Mending value) {
    mending = value;
  }

  /** Refuses as long as a command goes on that was waited for in vain. */
  void checkNothingPending() throws DriverException {
    CommandPendingException waiting = group.pending.get();
    if (waiting == null) {
      return;
    }
    if (!waiting.hasEnded()) {
      throw new DriverException(
          Code.POOL_NOT_READY,
          "an earlier command is still running: " + waiting.getMessage(),
          "Find out what process %d waits for (a device that hangs?); nothing is changed before it has ended"
              .formatted(waiting.pid()),
          waiting);
    }
    if (group.pending.compareAndSet(waiting, null)) {
      PENDING.remove(group);
    }
  }

  /** Tells whether a command goes on that was waited for in vain. */
  boolean isPending() {
    CommandPendingException waiting = group.pending.get();
    return waiting != null && !waiting.hasEnded();
  }

  /** Does something while no command is run. */
  void alone(Action action) throws IOException {
    group.lock.lock();
    try {
      action.run();
    } finally {
      group.lock.unlock();
    }
  }

  /**
   * Runs a command, and returns what it printed.
   *
   * @param devices which it is limited to; none for all
   */
  String run(List<String> arguments, Collection<Path> devices) throws IOException {
    List<String> all = new ArrayList<>(arguments);
    if (!devices.isEmpty()) {
      all.addAll(1, List.of("--devices", Joiner.on(',').join(devices)));
    }
    ExternalCommand command = new ExternalCommand(machine.lvm(), all);
    group.lock.lock();
    try {
      checkNothingPending();
      return mended(command);
    } catch (CommandPendingException e) {
      group.pending.set(e);
      PENDING.add(group);
      throw e;
    } finally {
      group.lock.unlock();
    }
  }

  private String mended(ExternalCommand command) throws IOException {
    try {
      return once(command);
    } catch (CommandFailedException e) {
      if (!isMended(e)) {
        throw e;
      }
      return again(command, e);
    }
  }

  private String again(ExternalCommand command, CommandFailedException before) throws IOException {
    try {
      return once(command);
    } catch (IOException e) {
      e.addSuppressed(before);
      throw e;
    }
  }

  private boolean isMended(CommandFailedException failure) {
    try {
      return mending.mend(failure);
    } catch (IOException e) {
      failure.addSuppressed(e);
      return false;
    }
  }

  private String once(ExternalCommand command) throws IOException {
    return commands.run(command, machine.patience()).out();
  }
}
