package io.cistern.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.cistern.storage.Capability;
import io.cistern.storage.Pool;
import io.cistern.storage.PoolConfig;
import io.cistern.storage.ResizeOption;
import io.cistern.storage.RevisionId;
import io.cistern.storage.StorageException;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.Volume;
import io.cistern.storage.VolumeConfig;
import io.cistern.storage.VolumeImport;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/**
 * Gives a driver names, numbers, sizes and configurations that nobody sane would, hand-written and
 * from a seed. Each is held as it is, or refused with a code and a message that helps; whichever it
 * is, what the driver did not make stays as it was, and in the end nothing is left. And puts
 * anything into its place ({@link PoolFixture#clutter}), and does anything with volumes of those
 * names.
 *
 * <p>{@code -Dcistern.test.seed=N} takes others; failures name what was given.
 */
public abstract class AbuseConformance extends ConformanceTest {
  private static final int AT_ONCE = 24;
  private static final int NEIGHBOURS = 3;
  private static final int MOST_THINGS = 6;
  private static final int THINGS_DONE = 12;

  private final Abuse abuse = new Abuse();

  /** Allows subclasses. */
  protected AbuseConformance() {}

  /**
   * Makes a fresh, empty place; called once before each test.
   *
   * @throws Exception if it can't be made, which fails the test
   */
  @Override
  protected abstract PoolFixture newPool() throws Exception;

  /** Returns how many there are of what comes from the seed, beside what is written by hand. */
  protected int tries() {
    return 40;
  }

  @Test
  @Rule({202, 110})
  final void rule202_aNameIsHeldOrRefusedAndNothingElseIsTouched() throws IOException {
    ready();
    Volume mine = origin("mine", content());
    leaks().plantForeign("vm/mine");
    List<String> names = abuse.names(tries());
    Map<String, String> outside = neighbours(names);
    Map<Volume, Content> held = new LinkedHashMap<>();
    for (String name : names) {
      declared(pool(), name)
          .ifPresent(
              volume -> {
                Content content = content();
                held.put(filled(volume, content), content);
              });
      if (held.size() == AT_ONCE) {
        letGo(held);
      }
    }
    letGo(held);
    commit(mine, content());
    assertThat(fixture().isForeignIntact()).as("%s: what was not made here", rule()).isTrue();
    assertThat(fixture().snapshot())
        .as("%s: what is outside of the pool", rule())
        .containsAllEntriesOf(outside);
    assertThat(await(mine.info()).isDirty()).as(rule()).isFalse();
    assertThat(await(pool().volumes())).as(rule()).containsExactly(mine);
  }

  /** Makes volumes of the same names in the other pool, and returns what that has made. */
  private Map<String, String> neighbours(List<String> names) {
    Pool second = scenario().second();
    Map<String, String> before = fixture().snapshot();
    names.stream()
        .map(name -> declared(second, name))
        .flatMap(Optional::stream)
        .limit(NEIGHBOURS)
        .forEach(volume -> filled(volume, content()));
    Map<String, String> made = new TreeMap<>(fixture().snapshot());
    made.keySet().removeAll(before.keySet());
    assertThat(made).as("%s: what volumes of the second pool are", rule()).isNotEmpty();
    return made;
  }

  private Optional<Volume> declared(Pool in, String name) {
    return unlessRefused(
        name,
        () ->
            scenario()
                .declare(
                    in,
                    VolumeConfig.builder(name)
                        .saveOnStop(true)
                        .size(SIZE)
                        .revisionsToKeep(0)
                        .build()));
  }

  /** All have what was given to them, also when every second of them has gone. */
  private void letGo(Map<Volume, Content> held) {
    held.forEach(this::assertContent);
    boolean goes = false;
    for (Volume volume : List.copyOf(held.keySet())) {
      goes = !goes;
      if (goes) {
        await(volume.remove());
        held.remove(volume);
      }
    }
    held.forEach(this::assertContent);
    held.keySet().forEach(volume -> await(volume.remove()));
    held.clear();
  }

  @Test
  @Rule({404, 405, 508})
  final void rule404_aNumberThatNoRevisionHasIsRefused() {
    if (!can(Capability.REVISIONS)) {
      return;
    }
    ready();
    Content content = content();
    Volume root = origin("root", content, 1);
    List<RevisionId> before = revisionIds(root);
    for (long number : abuse.numbers(tries())) {
      unlessRefused(Long.toString(number), () -> new RevisionId(number))
          .filter(id -> !before.contains(id))
          .ifPresent(
              id -> {
                assertFails(Code.NO_SUCH_REVISION, root, () -> root.export(id));
                assertFails(Code.NO_SUCH_REVISION, root, () -> root.removeRevision(id));
                Code code = can(Capability.REVERT) ? Code.NO_SUCH_REVISION : Code.UNSUPPORTED;
                assertFails(code, root, () -> root.revert(id));
              });
    }
    assertContent(root, content);
    assertThat(revisionIds(root)).as(rule()).isEqualTo(before);
  }

  @Test
  @Rule({505, 601})
  final void rule601_aSizeIsHeldOrRefused() {
    ready();
    Content content = content();
    Volume root = origin("root", content);
    for (long size : abuse.sizes(tries(), fixture().granule())) {
      long now = await(root.size()).orElseThrow();
      boolean shrinks = size > 0 && rounded(size) < now;
      boolean resized =
          unlessRefused("size " + size, () -> resize(root, size, shrinks)).isPresent();
      OptionalLong expected = OptionalLong.of(resized ? rounded(size) : now);
      assertThat(await(root.size())).as("%s: after resize to %d", rule(), size).isEqualTo(expected);
      Content committed = images().committed(root);
      unlessRefused("an import of " + size, () -> scenario().waiting().value(root.importData(size)))
          .map(VolumeImport::abort)
          .ifPresent(this::await);
      assertContent(root, committed);
    }
    assertThat(await(root.info()).isImporting()).as(rule()).isFalse();
  }

  private Volume resize(Volume volume, long size, boolean shrinks) throws Exception {
    return scenario()
        .waiting()
        .value(shrinks ? volume.resize(size, ResizeOption.ALLOW_SHRINK) : volume.resize(size));
  }

  @Test
  @Rule({101, 201})
  final void rule101_aConfigurationIsReadOrRefused() {
    readPools();
    ready();
    Map<String, String> volume =
        VolumeConfig.snapshot("vm", "a").source(origin("root").id()).build().asMap();
    volume
        .keySet()
        .forEach(key -> abuse.values(tries()).forEach(value -> readVolume(volume, key, value)));
  }

  /**
   * For each parameter that the driver has. Those that it needs say where the pool is: they are
   * only read, since another value may be somebody else's place.
   */
  private void readPools() {
    PoolConfig sound = fixture().secondConfig();
    Set<String> before = fixture().objects();
    Map<String, Boolean> opened = new TreeMap<>();
    sound.asMap().keySet().forEach(key -> opened.put(key, true));
    scenario().storage().drivers().stream()
        .filter(driver -> driver.name().equals(sound.driver()))
        .flatMap(driver -> driver.parameters().stream())
        .forEach(parameter -> opened.put(parameter.name(), !parameter.required()));
    opened.forEach(
        (key, isOpened) -> {
          for (String value : abuse.values(tries())) {
            readPool(sound, key, value).filter(config -> isOpened).ifPresent(c -> openPool(c, key));
          }
          assertThat(fixture().objects())
              .as("%s: what opening with values of '%s' has made", rule(), key)
              .isEqualTo(before);
          await(await(scenario().storage().open(sound)).close());
        });
  }

  private Optional<PoolConfig> readPool(PoolConfig sound, String key, String value) {
    Map<String, String> spoiled = new TreeMap<>(sound.asMap());
    spoiled.put(key, value);
    Optional<PoolConfig> read = unlessRefused(key + "=" + value, () -> PoolConfig.fromMap(spoiled));
    read.ifPresent(
        config -> assertThat(PoolConfig.fromMap(config.asMap())).as(rule()).isEqualTo(config));
    return read;
  }

  /** Closes it again if it opens; a refusal says that it is about this. */
  private void openPool(PoolConfig config, String key) {
    String what = "opening with %s=%s".formatted(key, config.asMap().get(key));
    try {
      Pool opened =
          unlessFailed(what, () -> scenario().waiting().value(scenario().storage().open(config)));
      assertThat(opened.config()).as(rule()).isEqualTo(config);
      await(opened.close());
    } catch (StorageException e) {
      assertHelps(e);
      assertThat(e.code())
          .as("%s: the refusal of %s: %s", rule(), Abuse.visible(what), e.getMessage())
          .isIn(Code.INVALID_ARGUMENT, Code.NO_SUCH_DRIVER);
      assertThat(e.getMessage()).as("%s: what was refused", rule()).contains(key);
    }
  }

  private void readVolume(Map<String, String> sound, String key, String value) {
    Map<String, String> spoiled = new TreeMap<>(sound);
    spoiled.put(key, value);
    unlessRefused(key + "=" + value, () -> VolumeConfig.fromMap(spoiled))
        .ifPresent(
            config -> {
              assertThat(VolumeConfig.fromMap(config.asMap())).as(rule()).isEqualTo(config);
              unlessRefused(key + "=" + value, () -> pool().volume(config));
            });
  }

  /** Whatever lies in the place: what is done ends, and nothing else changes. */
  @Test
  @Rule({110, 204})
  final void rule110_inAClutteredPlaceWhatIsDoneEndsAndNothingElseIsTouched() throws IOException {
    ready();
    Content content = content();
    Volume mine = origin("mine", content, 1);
    Optional<PoolFixture.Clutter> clutter = fixture().clutter();
    Assumptions.assumeTrue(clutter.isPresent(), "skipped, the fixture does not clutter its place");
    try (PoolFixture.Clutter there = clutter.orElseThrow()) {
      for (int round = 1; round <= tries(); round++) {
        String vid = "clutter" + round + "/root";
        for (int i = abuse.random().nextInt(MOST_THINGS); i >= 0; i--) {
          there.add(vid, abuse.random());
        }
        scenario().reopen();
        mine = scenario().again(mine);
        doAnything(round, vid);
        assertThat(there.damaged())
            .as("%s: what was not made here, round %d", rule(), round)
            .isEmpty();
        assertContent(mine, content);
      }
    }
    // Nothing is declared any more that what lay there has kept from being removed.
    scenario().reopen();
    mine = scenario().again(mine);
    assertThat(await(pool().volumes())).as(rule()).containsExactly(mine);
  }

  private void doAnything(int round, String vid) {
    Volume volume = pool().volume(VolumeConfig.builder(vid).saveOnStop(true).size(SIZE).build());
    StringBuilder done = new StringBuilder();
    for (int i = 0; i < THINGS_DONE; i++) {
      UnknownVolume call = UnknownVolume.any(abuse.random());
      done.append(call).append(' ');
      assertEnds("round %d: %s".formatted(round, done), call, volume);
    }
    for (UnknownVolume call :
        List.of(UnknownVolume.DISCARD, UnknownVolume.STOP, UnknownVolume.REMOVE)) {
      assertEnds("round %d: %s, then %s".formatted(round, done, call), call, volume);
    }
  }

  /** It is done, or fails with a message that helps; an image may be anything, and fail by that. */
  private void assertEnds(String what, UnknownVolume call, Volume volume) {
    try {
      unlessFailed(what, () -> scenario().waiting().value(call.run(volume)));
    } catch (StorageException e) {
      assertHelps(e);
    }
  }

  /** Returns what it gives; empty if it is refused as it should be. Anything else is a failure. */
  private <T> Optional<T> unlessRefused(String what, Callable<T> call) {
    try {
      return Optional.of(unlessFailed(what, call));
    } catch (StorageException e) {
      assertHelps(e);
      assertThat(e.code())
          .as("%s: the refusal of %s: %s", rule(), Abuse.visible(what), e.getMessage())
          .isNotEqualTo(Code.IO);
      return Optional.empty();
    }
  }

  private <T> T unlessFailed(String what, Callable<T> call) {
    try {
      return call.call();
    } catch (StorageException e) {
      throw e;
    } catch (Exception e) {
      throw new AssertionError("%s: %s ends with %s".formatted(rule(), Abuse.visible(what), e), e);
    }
  }
}
