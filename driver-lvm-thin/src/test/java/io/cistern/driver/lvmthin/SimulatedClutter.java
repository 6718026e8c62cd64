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
  private static final List<String> SUFFIXES =
      List.of(
          "",
          "-snap",
          "-import",
          "-next",
          "-1-back",
          "-2-back",
          "-9-back",
          "-9.8.7-back",
          "-0-back",
          "-999999999999999999-back",
          "-mine-back",
          "-export-1",
          "-replaced-abc",
          "-replaced-abc.5",
          "-dropped-abc",
          "-removed-abc",
          "-other");

  private static final int KINDS = 8;
  private static final int MOST_EXTENTS = 8;

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
      String base = VolumeNames.encode(vid);
      String name = new LvNames(base).content() + SUFFIXES.get(random.nextInt(SUFFIXES.size()));
      int kind = random.nextInt(KINDS);
      if (group().find(name).isPresent()) {
        return;
      }
      boolean inPool = kind > 0;
      SimulatedLv lv =
          group()
              .add(
                  name,
                  inPool ? "thin" : "linear",
                  inPool ? pool : "",
                  (1 + random.nextInt(MOST_EXTENTS)) * SimulatedFixture.EXTENT);
      added.add(lv);
      if (kind == 0) {
        foreign.put(lv, describe(lv));
        return;
      }
      byte[] bytes = new byte[1 + random.nextInt((int) SimulatedFixture.EXTENT)];
      random.nextBytes(bytes);
      Files.write(lv.data, bytes);
      SimulatedGroup.resizeData(lv, lv.size);
      tag(lv, kind, base, random);
    }
  }

  /** As the driver does, or not quite; without any an operator has made it. */
  private static void tag(SimulatedLv lv, int kind, String base, Random random) {
    LvTags tags = LvTags.fresh(base);
    switch (kind) {
      case 1, 2 -> lv.tags.addAll(tags.texts());
      case 3 -> lv.tags.addAll(tags.last(random.nextInt(20)).texts());
      case 4 -> lv.tags.add("cistern.volume=" + base);
      case 5 -> lv.tags.addAll(List.of("cistern.content=x", LvTags.IN_PLACE));
      case 6 -> lv.tags.addAll(LvTags.fresh("another-volume").texts());
      default -> {}
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
