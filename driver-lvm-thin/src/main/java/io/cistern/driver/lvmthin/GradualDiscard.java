package io.cistern.driver.lvmthin;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Discards what logical volumes hold before they are removed, since a removal by itself does not
 * tell the disks below the thin pool what they need not keep, and holds up whoever writes to a new
 * block of the pool for as long as it takes. A step at a time, so that nobody waits for long.
 *
 * <p>Used by one thread at a time.
 */
final class GradualDiscard {
  private static final Logger log = LoggerFactory.getLogger(GradualDiscard.class);

  /** What a step discards at most, in bytes. */
  private static final long STEP = 1L << 30;

  private final LvmCommands commands;
  private final LvDevices devices;
  private final PoolRoom room;

  /** How far it came, by content. */
  private final Map<String, Long> done = new HashMap<>();

  GradualDiscard(LvmCommands commands, LvDevices devices, PoolRoom room) {
    this.commands = commands;
    this.devices = devices;
    this.room = room;
  }

  /**
   * Does the next step for one of these, which mean nothing any more.
   *
   * @return false if there is nothing to be discarded, or no use in that
   */
  boolean step(Collection<ThinLv> garbage) throws IOException {
    done.keySet().retainAll(garbage.stream().map(GradualDiscard::id).toList());
    List<ThinLv> left = garbage.stream().filter(this::isLeft).toList();
    if (left.isEmpty() || !isUseful()) {
      return false;
    }
    try {
      activate(left);
      discard(left.get(0));
    } catch (IOException e) {
      log.info("{} is removed without being discarded", left.get(0).name(), e);
      done.put(id(left.get(0)), Long.MAX_VALUE);
    }
    return true;
  }

  private static String id(ThinLv lv) {
    return lv.tags().content();
  }

  /** An export can't be written to, and shares all that it has. */
  private boolean isLeft(ThinLv lv) {
    return lv.role() != LvRole.EXPORT && done.getOrDefault(id(lv), 0L) < lv.size();
  }

  /** Where room is short it is given back at once. */
  private boolean isUseful() throws IOException {
    return room.status()
        .filter(ThinPoolStatus::passesDiscardsDown)
        .flatMap(ThinPoolStatus::fill)
        .filter(room::isAboveReserve)
        .isPresent();
  }

  private void activate(List<ThinLv> all) throws IOException {
    List<String> names = all.stream().map(ThinLv::name).toList();
    List<String> inactive = new ArrayList<>(names);
    Set<String> active = devices.active(names);
    inactive.removeAll(active);
    if (!inactive.isEmpty()) {
      commands.activate(inactive);
    }
  }

  private void discard(ThinLv lv) throws IOException {
    long from = done.getOrDefault(id(lv), 0L);
    long length = Math.min(STEP, lv.size() - from);
    if (devices.mapped(lv.name()).orElse(0) > 0) {
      devices.awaitPath(lv.name());
      devices.discard(lv.name(), from, length);
      done.put(id(lv), from + length);
    } else {
      done.put(id(lv), lv.size());
    }
  }
}
