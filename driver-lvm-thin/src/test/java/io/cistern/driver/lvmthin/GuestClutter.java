package io.cistern.driver.lvmthin;

import io.cistern.testkit.PoolFixture.Clutter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;

/** Real logical volumes of all kinds under the names that the driver gives, and with its tags. */
final class GuestClutter implements Clutter {
  private static final String MARK = "clutter";

  private final GuestFixture fixture;
  private final String group;
  private final Map<String, String> foreign = new TreeMap<>();

  GuestClutter(GuestFixture fixture) {
    this.fixture = fixture;
    this.group = fixture.firstGroup;
  }

  @Override
  public void add(String vid, Random random) throws IOException {
    ClutteredLv lv = ClutteredLv.any(vid, random);
    if (row(lv.name()).isPresent()) {
      return;
    }
    String size = lv.extents() * GuestGroups.EXTENT + "b";
    List<String> arguments = new ArrayList<>(List.of("lvcreate", "-y", "-Wn", "-n", lv.name()));
    arguments.addAll(
        lv.isThin()
            ? List.of("-V", size, "-T", group + "/" + fixture.firstPool)
            : List.of("-L", size, group));
    lv.tags().forEach(tag -> arguments.addAll(List.of("--addtag", tag)));
    GuestGroups.lvm(arguments.toArray(String[]::new));
    Files.write(Path.of("/dev", group, lv.name()), lv.content(), StandardOpenOption.WRITE);
    if (lv.isForeign(vid)) {
      foreign.put(lv.name(), describe(lv.name()));
    }
  }

  private Optional<Map<String, String>> row(String name) {
    return fixture.rows(group).stream().filter(row -> name.equals(row.get("lv_name"))).findFirst();
  }

  private String describe(String name) {
    return row(name).map(found -> GuestFixture.fingerprint(group, found)).orElse("gone");
  }

  @Override
  public List<String> damaged() {
    List<String> damaged = new ArrayList<>();
    foreign.forEach(
        (name, before) -> {
          String now = describe(name);
          if (!now.equals(before)) {
            damaged.add("%s, which was %s, is %s".formatted(name, before, now));
          }
        });
    return damaged;
  }

  @Override
  public void close() {
    fixture.awaitIdle();
    List<String> left =
        fixture.rows(group).stream()
            .map(row -> row.getOrDefault("lv_name", ""))
            .filter(name -> name.contains(MARK))
            .map(name -> group + "/" + name)
            .toList();
    if (!left.isEmpty()) {
      List<String> arguments = new ArrayList<>(List.of("lvremove", "-y", "-ff"));
      arguments.addAll(left);
      GuestGroups.lvm(arguments.toArray(String[]::new));
    }
  }
}
