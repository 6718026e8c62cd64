package io.cistern.driver.lvmthin;

import io.cistern.driver.lvmthin.ThinPoolReport.ReportedPool;
import io.cistern.linux.Undo;
import java.io.IOException;

/**
 * Changes the size of an active logical volume so that what is added reads as zeros, whatever was
 * there before: what a smaller one leaves mapped beyond its end would come back when it grows.
 */
final class ThinResize {
  private final LvmCommands commands;
  private final LvDevices devices;
  private final PoolRoom room;
  private final ReportedPool thinPool;

  ThinResize(LvmThinPool pool, ReportedPool thinPool) {
    this.commands = pool.commands();
    this.devices = pool.devices();
    this.room = pool.room();
    this.thinPool = thinPool;
  }

  void run(String name, long from, long to) throws IOException {
    if (to < from) {
      clear(name, to, from);
      commands.resize(name, to);
    } else if (to > from) {
      grow(name, from, to);
    }
  }

  /** If LVM fails, it may have grown all the same, and who tries again finds nothing to do. */
  private void grow(String name, long from, long to) throws IOException {
    try (Undo undo = new Undo()) {
      undo.push(() -> zeroAdded(name, from, to));
      commands.resize(name, to);
      undo.disarm();
    }
    zeroAdded(name, from, to);
  }

  private void zeroAdded(String name, long from, long to) throws IOException {
    if (!thinPool.zeroes()) {
      zero(name, from, Math.min(to, roundUp(from)));
    }
  }

  /** A discard frees whole chunks only; a pool that ignores discards frees none. */
  private void clear(String name, long from, long to) throws IOException {
    long whole = roundUp(from);
    long end = Math.floorDiv(to, thinPool.chunkSize()) * thinPool.chunkSize();
    if (!thinPool.passesDiscards() || whole >= end) {
      room.check(to - from);
      zero(name, from, to);
      return;
    }
    devices.discard(name, whole, end - whole);
    // Without that the kernel makes it durable some time after the smaller size is.
    devices.sync(name);
    zero(name, from, whole);
    zero(name, end, to);
  }

  private void zero(String name, long from, long to) throws IOException {
    if (to > from) {
      devices.zero(name, from, to - from);
    }
  }

  private long roundUp(long offset) {
    return -Math.floorDiv(-offset, thinPool.chunkSize()) * thinPool.chunkSize();
  }
}
