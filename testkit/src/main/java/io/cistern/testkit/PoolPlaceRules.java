package io.cistern.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cistern.storage.Pool;
import io.cistern.storage.PoolConfig;
import io.cistern.storage.Storage;
import io.cistern.storage.StorageException;
import io.cistern.storage.StorageException.Code;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Rules 105 to 107: where pools are, and who owns them. */
abstract class PoolPlaceRules extends PoolRules {
  @Test
  @Rule(105)
  void rule105_aPoolIsNeitherInsideItselfNorInsideItsNeighbour() {
    Pool pool = ready();
    Pool second = scenario().second();
    assertThat(await(pool.includedIn(List.of(pool)))).as(rule()).isEmpty();
    assertThat(await(pool.includedIn(List.of(pool, second)))).as(rule()).isEmpty();
    assertThat(await(second.includedIn(List.of(pool, second)))).as(rule()).isEmpty();
    assertThat(await(pool.includedIn(List.of()))).as(rule()).isEmpty();
  }

  @Test
  @Rule(105)
  void rule105_aPoolInAnotherOneIsFoundThereAndCountedOnce() {
    PoolConfig config = Abilities.need(fixture().nestedConfig(), "no config of a nested pool");
    Pool outer = ready();
    Pool second = scenario().second();
    Pool nested = scenario().open(config);
    await(nested.setup());
    List<Pool> all = List.of(second, nested, outer);
    assertThat(await(nested.includedIn(all))).as(rule()).contains(outer);
    assertThat(await(outer.includedIn(all))).as(rule()).isEmpty();
    assertThat(await(second.includedIn(all))).as(rule()).isEmpty();
    assertThat(await(nested.info()).includedIn()).as(rule()).contains(outer.name());
  }

  @Test
  @Rule(106)
  void rule106_aSecondStorageIsRefusedWithTheOwnersPidUntilTheFirstIsClosed() {
    ready();
    Content content = content();
    var volume = origin("root", content);
    Storage.Builder builder = Storage.builder();
    fixture().drivers().forEach(builder::driver);
    Storage other = builder.build();
    try {
      StorageException refusal =
          assertRefused(Code.LOCKED, pool(), () -> other.open(fixture().config()));
      assertThat(refusal)
          .as(rule())
          .hasMessageContaining(Long.toString(ProcessHandle.current().pid()));
      assertThat(other.pools()).as(rule()).isEmpty();
      assertContent(volume, content);
      await(pool().close());
      Pool taken = await(other.open(fixture().config()));
      assertThat(await(taken.find("vm/root"))).as(rule()).isPresent();
    } finally {
      scenario().close(other);
    }
  }

  @Test
  @Rule(107)
  void rule107_aSecondPoolOnTheSamePlaceIsRefused() {
    ready();
    Map<String, String> map = new TreeMap<>(fixture().config().asMap());
    map.put("name", "twin");
    PoolConfig twin = PoolConfig.fromMap(map);
    StorageException refusal =
        assertRefused(Code.INVALID_ARGUMENT, "twin", () -> scenario().storage().open(twin));
    assertThat(refusal).as(rule()).hasMessageContaining(pool().name());
    assertRefused(
        Code.INVALID_ARGUMENT, pool(), () -> scenario().storage().open(fixture().config()));
    assertThat(scenario().storage().pools()).as(rule()).containsExactly(pool());
  }

  @Test
  @Rule(107)
  void rule107_theSamePlaceIsNoticedHoweverItIsSpelled() {
    PoolConfig alias =
        Abilities.need(fixture().aliasConfig("alias"), "no second spelling of the place");
    ready();
    assertRefused(Code.INVALID_ARGUMENT, "alias", () -> scenario().storage().open(alias));
    await(pool().close());
    Pool opened = await(scenario().storage().open(alias));
    assertThat(await(opened.info()).isReady()).as(rule()).isTrue();
  }

  @Test
  @Rule(107)
  void rule107_noDriverIsChosenByDefault() {
    Map<String, String> map = new TreeMap<>(fixture().config().asMap());
    map.remove("driver");
    assertThatThrownBy(() -> PoolConfig.fromMap(map))
        .as(rule())
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("driver")
        .hasMessageContaining("INVALID_ARGUMENT");
  }
}
