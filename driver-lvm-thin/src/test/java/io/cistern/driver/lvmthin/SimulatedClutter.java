package io.cistern.driver.lvmthin;

import io.cistern.testkit.PoolFixture.Clutter;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;

/** Logical volumes of all kinds under the names that the driver gives, and with its tags. */
final class SimulatedClutter implements Clutter {
  private final SimulatedLvm lvm;
  private final String group;
  private final String pool;
  private final Function<SimulatedLv, String> fingerprint;
  private final List<SimulatedLv> added = new ArrayList<>();
  private final Map<SimulatedLv, String> foreign = new LinkedHashMap<>();

  SimulatedClutter(
      SimulatedLvm lvm, String group, String pool, Function<SimulatedLv, String> fingerprint) {
    this.lvm = lvm;
    this.group = group;
    this.pool = pool;
    this.fingerprint = fingerprint;
  }

  private SimulatedGroup group() {
    return lvm.group(group).orElseThrow();
  }

  @Override
  public void add(String vid, Random random) throws IOException {
    synchronized (lvm) {
      ClutteredLv made = ClutteredLv.any(vid, random);
      if (group().find(made.name()).isPresent()) {
        return;
      }
      SimulatedLv lv =
          group()
              .add(
                  made.name(),
                  made.isThin() ? "thin" : "linear",
                  made.isThin() ? pool : "",
                  made.extents() * SimulatedFixture.EXTENT);
      added.add(lv);
      lv.tags.addAll(made.tags());
      if (made.isThin()) {
        Files.write(lv.data, made.content());
        SimulatedGroup.resizeData(lv, lv.size);
      }
      if (made.isForeign(vid)) {
        foreign.put(lv, describe(lv));
      }
    }
  }

  private String describe(SimulatedLv lv) {
    return lv.name + " " + fingerprint.apply(lv);
  }

  @Override
  public List<String> damaged() {
    synchronized (lvm) {
      List<String> damaged = new ArrayList<>();
      for (Map.Entry<SimulatedLv, String> each : foreign.entrySet()) {
        SimulatedLv lv = each.getKey();
        if (!group().all().contains(lv) || !describe(lv).equals(each.getValue())) {
          damaged.add(each.getValue() + " is gone or " + describe(lv));
        }
      }
      return damaged;
    }
  }

  @Override
  public void close() {
    synchronized (lvm) {
      for (SimulatedLv lv : group().all()) {
        if (added.contains(lv) || lv.name.contains("clutter")) {
          group().remove(lv);
        }
      }
    }
  }
}
