package io.cistern.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cistern.storage.DriverInfo;
import io.cistern.storage.DriverParameter;
import io.cistern.storage.Pool;
import io.cistern.storage.PoolConfig;
import io.cistern.storage.PoolUsage;
import io.cistern.storage.StorageException;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.Volume;
import io.cistern.storage.VolumeConfig;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Rules 101 to 104: how pools are configured, set up and measured. */
abstract class PoolRules extends ConformanceTest {
  private static final int MOST_STEPS = 400;

  private DriverInfo driver() {
    return scenario().storage().drivers().stream()
        .filter(info -> info.name().equals(fixture().config().driver()))
        .findFirst()
        .orElseThrow();
  }

  private StorageException assertConfigRefused(Code code, Map<String, String> config) {
    PoolConfig parsed = PoolConfig.fromMap(config);
    return assertRefused(code, parsed.name(), () -> scenario().storage().open(parsed));
  }

  private Map<String, String> otherConfig() {
    Map<String, String> map = new TreeMap<>(fixture().secondConfig().asMap());
    map.put("name", "refused");
    return map;
  }

  @Test
  @Rule(101)
  void rule101_anUnknownDriverIsRefusedNamingThoseFound() {
    Map<String, String> config = otherConfig();
    config.put("driver", "no-such-driver");
    StorageException refusal = assertConfigRefused(Code.NO_SUCH_DRIVER, config);
    assertThat(refusal)
        .hasMessageContaining("no-such-driver")
        .hasMessageContaining(driver().name());
  }

  @Test
  @Rule(101)
  void rule101_aMissingParameterIsRefusedNamingItAndTheKnownKeys() {
    for (DriverParameter parameter : driver().parameters()) {
      if (parameter.required()) {
        Map<String, String> config = otherConfig();
        config.remove(parameter.name());
        assertNamesKeys(assertConfigRefused(Code.INVALID_ARGUMENT, config), parameter.name());
      }
    }
  }

  @Test
  @Rule(101)
  void rule101_anUnknownParameterIsRefusedNamingItItsValueAndTheKnownKeys() {
    Map<String, String> config = otherConfig();
    config.put("no_such_key", "some-value");
    StorageException refusal = assertConfigRefused(Code.INVALID_ARGUMENT, config);
    assertNamesKeys(refusal, "no_such_key");
    assertThat(refusal).hasMessageContaining("some-value");
  }

  @Test
  @Rule(101)
  void rule101_aMalformedParameterIsRefusedNamingItAndItsValue() {
    fixture()
        .malformedParameters()
        .forEach(
            (key, value) -> {
              Map<String, String> config = otherConfig();
              config.put(key, value);
              StorageException refusal = assertConfigRefused(Code.INVALID_ARGUMENT, config);
              assertThat(refusal).hasMessageContaining(key).hasMessageContaining(value);
            });
    await(scenario().second().setup());
  }

  private void assertNamesKeys(StorageException refusal, String key) {
    assertThat(refusal).hasMessageContaining(key);
    for (DriverParameter parameter : driver().parameters()) {
      assertThat(refusal).as(rule()).hasMessageContaining(parameter.name());
    }
  }

  @Test
  @Rule(102)
  void rule102_aSecondSetupChangesNothing() {
    Content content = content();
    Volume volume;
    await(pool().setup());
    volume = origin("root", content);
    Map<String, String> before = fixture().snapshot();
    await(pool().setup());
    assertThat(fixture().snapshot()).as(rule()).isEqualTo(before);
    assertContent(volume, content);
    scenario().reopen();
    await(pool().setup());
    assertContent(scenario().again(volume), content);
  }

  @Test
  @Rule(102)
  void rule102_aPoolThatIsSetUpClaimsWhatTheDriverCanDoHere() {
    await(pool().setup());
    assertThat(pool().capabilities())
        .as(rule())
        .containsExactlyInAnyOrderElementsOf(fixture().capabilities());
    assertThat(await(pool().info()).isReady()).as(rule()).isTrue();
  }

  @Test
  @Rule(102)
  void rule102_aSetupThatFailsLeavesNothingAndCanBeRepeated() {
    Set<String> before = fixture().objects();
    for (int step = 1; step < MOST_STEPS; step++) {
      scenario().probe().failAt(step);
      var setup = pool().setup();
      scenario().waiting().awaitEnd(setup);
      boolean over = scenario().probe().reached().isEmpty();
      String where =
          scenario().probe().reached().map(it -> "failed at " + it).orElse("nothing failed");
      scenario().probe().revive();
      if (setup.isCompletedExceptionally()) {
        assertNamesPool(setup, where);
        assertThat(fixture().objects()).as("%s: %s", rule(), where).isEqualTo(before);
      } else {
        assertUsable("%s: reported done, and %s".formatted(rule(), where));
        await(pool().destroy());
        if (over) {
          return;
        }
      }
    }
    throw new AssertionError(rule() + ": the setup has no end of steps");
  }

  private void assertUsable(String where) {
    assertThat(await(pool().info()).isReady()).as(where).isTrue();
    assertThat(pool().capabilities())
        .as(where)
        .containsExactlyInAnyOrderElementsOf(fixture().capabilities());
    Content content = content();
    Volume volume = origin("usable", content);
    assertContent(volume, content);
    await(volume.remove());
  }

  final void assertNamesPool(CompletableFuture<?> failed, String where) {
    assertThat(scenario().waiting().failureOf(failed))
        .as("%s: %s", rule(), where)
        .isInstanceOf(StorageException.class)
        .hasMessageContaining(pool().name());
  }

  @Test
  @Rule(103)
  void rule103_aPoolConfigurationThatWasWrittenAndReadOpensAnEqualPool() {
    PoolConfig config = fixture().secondConfig();
    PoolConfig copy = PoolConfig.fromMap(config.asMap());
    assertThat(copy).as(rule()).isEqualTo(config);
    Pool pool = scenario().open(copy);
    assertThat(pool.config()).as(rule()).isEqualTo(config);
    assertThat(pool.name()).as(rule()).isEqualTo(config.name());
    assertThat(pool.driver()).as(rule()).isEqualTo(config.driver());
  }

  @Test
  @Rule(103)
  void rule103_aVolumeConfigurationThatWasWrittenAndReadDeclaresTheSameVolume() {
    Volume source = origin("root");
    for (VolumeConfig config :
        List.of(
            source.config(),
            VolumeConfig.volatileVolume("vm", "swap").size(SIZE).build(),
            VolumeConfig.snapshot("vm", "snap").source(source.id()).rw(false).build())) {
      Volume declared = declare(config);
      VolumeConfig copy = VolumeConfig.fromMap(config.asMap());
      assertThat(copy).as(rule()).isEqualTo(config);
      assertThat(declare(copy)).as(rule()).isSameAs(declared);
      assertThat(declared.config()).as(rule()).isEqualTo(config);
    }
  }

  @Test
  @Rule(103)
  void rule103_aDeclarationThatContradictsTheOneThereIsIsRefused() {
    Volume volume = origin("root");
    VolumeConfig other = volume.config().toBuilder().rw(false).build();
    assertThatThrownBy(() -> pool().volume(other))
        .as(rule())
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("INVALID_ARGUMENT");
  }

  @Test
  @Rule(104)
  void rule104_theUsageIsWithinTheSize() {
    ready();
    origin("root", content());
    PoolUsage usage = await(pool().usage());
    assertWithin("data", usage.used(), usage.size());
    assertWithin("metadata", usage.metadataUsed(), usage.metadataSize());
    assertThat(await(scenario().storage().usage()).size().isPresent())
        .as(rule())
        .isEqualTo(usage.size().isPresent());
  }

  /** What is not known is empty. */
  private void assertWithin(String what, OptionalLong used, OptionalLong size) {
    assertThat(size.orElse(1)).as("%s: the size of the %s", rule(), what).isPositive();
    assertThat(used.orElse(0))
        .as("%s: how much of the %s is used", rule(), what)
        .isBetween(0L, size.orElse(Long.MAX_VALUE));
  }

  @Test
  @Rule(104)
  void rule104_aPoolThatIsNotSetUpAnswersAndRefusesOperations() {
    await(pool().usage());
    assertThat(await(pool().volumes())).as(rule()).isEmpty();
    assertThat(await(pool().info()).isReady()).as(rule()).isFalse();
    Volume volume = origin("root");
    assertRefused(Code.POOL_NOT_READY, volume, volume::create);
    assertRefused(Code.POOL_NOT_READY, volume, volume::start);
  }

  @Test
  @Rule(104)
  void rule104_aPoolWhosePlaceIsAbsentAnswersEmptyAndBreaksNoOther() {
    PoolConfig config = Abilities.need(fixture().absentConfig(), "no config of an absent place");
    ready();
    Content content = content();
    Volume volume = origin("root", content);
    Pool absent = scenario().open(config);
    assertThat(await(absent.usage())).as(rule()).isEqualTo(PoolUsage.unknown());
    assertThat(await(absent.info()).isReady()).as(rule()).isFalse();
    assertThat(await(absent.info()).notReady()).as(rule()).isPresent();
    assertThat(await(absent.volumes())).as(rule()).isEmpty();
    Volume unreachable = absent.volume(VolumeConfig.origin("vm", "a").size(SIZE).build());
    assertRefused(Code.POOL_NOT_READY, unreachable, unreachable::create);
    assertThat(await(scenario().storage().usage()).size()).as(rule()).isPresent();
    assertContent(volume, content);
  }
}
