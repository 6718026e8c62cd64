package io.cistern.driver.lvmthin;

import static io.cistern.driver.lvmthin.ThinPools.get;
import static io.cistern.driver.lvmthin.ThinPools.ids;
import static io.cistern.driver.lvmthin.ThinPools.refused;
import static org.assertj.core.api.Assertions.assertThat;

import io.cistern.storage.PoolConfig;
import io.cistern.storage.RevisionId;
import io.cistern.storage.StopMode;
import io.cistern.storage.StorageException;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.Volume;
import io.cistern.storage.VolumeState;
import io.cistern.testkit.PoolFixture;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What existing drivers of this kind lose data by; on the simulated and on the real LVM. */
abstract class LvmScenarios {
  abstract PoolFixture fixture();

  /** Runs a command as an operator does; volumes and groups are called as in the first pool. */
  abstract void lvm(PoolFixture fixture, String... arguments);

  /** Returns the first pool as {@code group/pool}. */
  abstract String place();

  private String full(String name) {
    return place().substring(0, place().indexOf('/') + 1) + name;
  }

  @Test
  void twoStopsInOneSecondMakeTwoRevisions() throws Exception {
    try (ThinPools pools = new ThinPools(fixture())) {
      Volume root = pools.origin("vm/root", 5, "first!");
      pools.commit(root, "second");
      pools.commit(root, "third!");
      List<RevisionId> ids = ids(root);
      assertThat(ids).hasSize(3).isSorted().doesNotHaveDuplicates();
      get(root.revert(ids.get(1)));
      assertThat(pools.committed(root, 6)).isEqualTo("first!");
      get(root.remove());
    }
  }

  @Test
  void aClockThatIsSetBackBetweenStopsDoesNotMatter() throws Exception {
    try (ThinPools pools = new ThinPools(fixture())) {
      Volume root = pools.origin("vm/root", 5, "first!");
      List<RevisionId> seen = new ArrayList<>(ids(root));
      pools.moveClock(Duration.ofHours(-1));
      pools.commit(root, "second");
      assertThat(ids(root)).startsWith(seen.get(0)).hasSize(2).isSorted();
      get(root.revert());
      assertThat(pools.committed(root, 6)).isEqualTo("first!");
      get(root.remove());
    }
  }

  @Test
  void aNumberIsNotUsedTwiceThoughOnlyADiscardedSessionKnewIt() throws Exception {
    try (ThinPools pools = new ThinPools(fixture())) {
      Volume root = pools.origin("vm/root", 5, "first!");
      RevisionId removed = ids(root).get(0);
      get(root.start());
      get(root.removeRevision(removed));
      get(root.stop(StopMode.DISCARD));
      pools.moveClock(Duration.ofHours(-1));
      pools.reopen();
      Volume again = pools.declared("vm/root", 5);
      pools.commit(again, "second");
      assertThat(ids(again)).hasSize(1);
      assertThat(ids(again).get(0)).isGreaterThan(removed);
      get(again.remove());
    }
  }

  @Test
  void anImportAndASessionThatADeadProcessLeftDoNoHarm() throws Exception {
    PoolFixture fixture = fixture();
    try (ThinPools pools = new ThinPools(fixture)) {
      Volume root = pools.origin("vm/root", 1, "first!");
      pools.write(get(root.start()), "dirty!");
      plant(fixture, "vm-vm-root-import");
      pools.reopen();
      Volume again = pools.declared("vm/root", 1);
      assertThat(get(again.state())).isEqualTo(VolumeState.CRASHED);
      assertThat(pools.committed(again, 6)).isEqualTo("first!");
      get(again.start());
      assertThat(pools.written(again, 6)).isEqualTo("dirty!");
      get(again.stop());
      assertThat(pools.committed(again, 6)).isEqualTo("dirty!");
      get(again.remove());
    }
  }

  private void operatorsSnapshot(PoolFixture fixture, String origin, String name) {
    lvm(fixture, "lvcreate", "-y", "-s", "-kn", "-ay", "-n", name, full(origin));
  }

  private void plant(PoolFixture fixture, String name) {
    List<String> arguments =
        new ArrayList<>(List.of("lvcreate", "-y", "-V", "65536b", "-T", place(), "-n", name));
    LvTags.fresh("vm-root").texts().forEach(tag -> arguments.addAll(List.of("--addtag", tag)));
    lvm(fixture, arguments.toArray(String[]::new));
  }

  @Test
  void inAFullPoolNothingNewIsMadeAndEverythingCanBeGivenUp() throws Exception {
    PoolFixture fixture = fixture();
    try (ThinPools pools = new ThinPools(fixture)) {
      Volume root = pools.origin("vm/root", 2, "first!");
      Volume other = pools.origin("vm/other", 0, "other!");
      pools.commit(root, "second");
      get(root.start());
      try (AutoCloseable full = fixture.filling().orElseThrow().fill()) {
        assertThat(full).isNotNull();
        StorageException refusal = refused(other.start(), Code.OUT_OF_SPACE);
        assertThat(refusal).hasMessageContaining("for data").hasMessageContaining("less than");
        get(root.stop(StopMode.DISCARD));
        get(root.removeRevision(ids(root).get(0)));
        get(other.remove());
        refused(root.start(), Code.OUT_OF_SPACE);
        assertThat(pools.events()).anyMatch(event -> event.type().name().equals("POOL_FILLING"));
      }
      get(root.start());
      get(root.stop());
      get(root.remove());
    }
  }

  @Test
  void belowTheReserveOfMetadataTheMessageSaysSo() throws Exception {
    PoolFixture fixture = fixture();
    Map<String, String> parameters = new TreeMap<>(fixture.config().asMap());
    parameters.put("reserve", "0:99");
    PoolConfig config = PoolConfig.fromMap(parameters);
    try (ThinPools pools = new ThinPools(fixture)) {
      Volume root = pools.origin("vm/root", 1, "first!");
      get(root.start());
      pools.reopen(config);
      Volume again = pools.declared("vm/root", 1);
      get(again.stop(StopMode.DISCARD));
      StorageException refusal = refused(again.start(), Code.OUT_OF_SPACE);
      assertThat(refusal)
          .hasMessageContaining("for metadata")
          .hasMessageContaining("lvextend --poolmetadatasize +SIZE");
      get(again.removeRevision(ids(again).get(0)));
      get(again.remove());
    }
  }

  @Test
  void volumesThatDifferByAHyphenAndAnOperatorsOwnSnapshotStayApart() throws Exception {
    PoolFixture fixture = fixture();
    try (ThinPools pools = new ThinPools(fixture)) {
      Volume root = pools.origin("a/root", 1, "first!");
      Volume beside = pools.origin("a-root", 1, "beside");
      operatorsSnapshot(fixture, "vm-a-root", "vm-a-root-mine-back");
      pools.commit(root, "second");
      get(root.revert());
      get(root.remove());
      assertThat(pools.committed(beside, 6)).isEqualTo("beside");
      assertThat(get(pools.pool().volumes())).containsExactly(beside);
      assertThat(fixture.objects()).contains(full("vm-a-root-mine-back"));
      get(beside.remove());
      lvm(fixture, "lvremove", "-y", full("vm-a-root-mine-back"));
    }
  }

  @Test
  void aVolumeThatHasOnlyTheNamesIsAdoptedWhenItIsDeclared() throws Exception {
    PoolFixture fixture = fixture();
    try (ThinPools pools = new ThinPools(fixture)) {
      lvm(fixture, "lvcreate", "-y", "-V", "262144b", "-T", place(), "-n", "vm-old-root");
      operatorsSnapshot(fixture, "vm-old-root", "vm-old-root-1700000000-back");
      assertThat(get(pools.pool().volumes())).isEmpty();
      Volume root = pools.declared("old/root", 2);
      assertThat(get(root.size())).hasValue(262144);
      assertThat(ids(root)).containsExactly(new RevisionId(1700000000));
      pools.commit(root, "first!");
      assertThat(ids(root)).startsWith(new RevisionId(1700000000)).hasSize(2);
      pools.reopen();
      assertThat(get(pools.pool().volumes())).hasSize(1);
      Volume again = pools.declared("old/root", 2);
      assertThat(pools.committed(again, 6)).isEqualTo("first!");
      get(again.remove());
      assertThat(fixture.objects()).noneMatch(name -> name.contains("old"));
    }
  }

  @Test
  void whatWasAdoptedIsGivenUpLikeAnythingElse() throws Exception {
    PoolFixture fixture = fixture();
    try (ThinPools pools = new ThinPools(fixture)) {
      lvm(fixture, "lvcreate", "-y", "-V", "262144b", "-T", place(), "-n", "vm-old-root");
      lvm(fixture, "lvcreate", "-y", "-V", "262144b", "-T", place(), "-n", "vm-old-home");
      Volume removed = pools.declared("old/root", 1);
      Volume replaced = pools.declared("old/home", 0);
      pools.commit(replaced, "second");
      get(removed.remove());
      pools.reopen();
      Volume again = pools.declared("old/home", 0);
      assertThat(get(pools.pool().volumes())).containsExactly(again);
      assertThat(pools.committed(again, 6)).isEqualTo("second");
      get(again.remove());
      assertThat(fixture.objects()).noneMatch(name -> name.contains("old"));
    }
  }
}
