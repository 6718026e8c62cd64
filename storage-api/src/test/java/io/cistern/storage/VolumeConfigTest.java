package io.cistern.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.cistern.storage.StorageException.Code;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class VolumeConfigTest {
  private static final VolumeId SOURCE = new VolumeId("vms", "templates/debian/root");
  private static final List<String> KEYS =
      List.of("revisions_to_keep", "rw", "save_on_stop", "size", "snap_on_start", "source", "vid");

  static List<VolumeConfig> configurations() {
    return List.of(
        VolumeConfig.volatileVolume("vm", "swap").size(1).build(),
        VolumeConfig.snapshot("vm", "root").source(SOURCE).build(),
        VolumeConfig.origin("vm", "private").build(),
        VolumeConfig.origin("vm", "private").size(Long.MAX_VALUE).rw(false).build(),
        VolumeConfig.origin("vm", "private").revisionsToKeep(-1).build(),
        VolumeConfig.origin("vm", "private").revisionsToKeep(Integer.MAX_VALUE).build(),
        VolumeConfig.originSnapshot("vm", "root").source(SOURCE).revisionsToKeep(0).build());
  }

  @ParameterizedTest
  @MethodSource("configurations")
  void whatIsWrittenToAMapIsReadBackEqual(VolumeConfig config) {
    assertThat(VolumeConfig.fromMap(config.asMap()))
        .isEqualTo(config)
        .hasSameHashCodeAs(config)
        .hasToString(config.toString());
  }

  @ParameterizedTest
  @MethodSource("configurations")
  void aCopyWithoutChangesIsEqual(VolumeConfig config) {
    assertThat(config.toBuilder().build()).isEqualTo(config);
    assertThat(config.toBuilder().rw(!config.rw()).build()).isNotEqualTo(config);
  }

  @Test
  void theKindFollowsFromTheTwoFlags() {
    assertThat(configurations().stream().map(VolumeConfig::kind).distinct())
        .containsExactly(
            VolumeKind.VOLATILE,
            VolumeKind.SNAPSHOT,
            VolumeKind.ORIGIN,
            VolumeKind.ORIGIN_SNAPSHOT);
    for (VolumeKind kind : VolumeKind.values()) {
      assertThat(VolumeKind.of(kind.snapOnStart(), kind.saveOnStop())).isEqualTo(kind);
    }
  }

  @Test
  void rwIsTheDefaultOfAMapThatDoesNotSay() {
    Map<String, String> map = map();
    map.remove("rw");

    assertThat(VolumeConfig.fromMap(map).rw()).isTrue();
  }

  @Test
  void anUnknownKeyIsRefusedNamingTheKnownOnes() {
    Map<String, String> map = map();
    map.put("revisions", "3");

    assertRefused(() -> VolumeConfig.fromMap(map), "'revisions'", KEYS);
  }

  @ParameterizedTest
  @CsvSource({"vid", "snap_on_start", "save_on_stop"})
  void aMissingKeyIsRefusedNamingTheKnownOnes(String key) {
    Map<String, String> map = map();
    map.remove(key);

    assertRefused(() -> VolumeConfig.fromMap(map), "'" + key + "' is missing", KEYS);
  }

  @ParameterizedTest
  @CsvSource({
    "snap_on_start, yes",
    "save_on_stop, TRUE",
    "rw, ''",
    "size, 10G",
    "size, 1e9",
    "size, 9223372036854775808",
    "revisions_to_keep, 1.5",
    "revisions_to_keep, 2147483648",
    "revisions_to_keep, -9223372036854775808",
    "revisions_to_keep, 4294967297",
    "source, templates",
    "source, vms:../root",
    "vid, ../root"
  })
  void aMalformedValueIsRefusedNamingKeyAndValueAndTheKnownKeys(String key, String value) {
    Map<String, String> map = map();
    map.put(key, value);

    assertRefused(
        () -> VolumeConfig.fromMap(map), "'%s' has the value '%s'".formatted(key, value), KEYS);
  }

  @Test
  void snapOnStartAndASourceNeedEachOther() {
    assertRefused(VolumeConfig.snapshot("vm", "root")::build, "no source", List.of());
    assertRefused(
        VolumeConfig.origin("vm", "root").source(SOURCE)::build, "not snapOnStart", List.of());
  }

  @Test
  void aVolatileVolumeNeedsASize() {
    assertRefused(VolumeConfig.volatileVolume("vm", "swap")::build, "no size", List.of());
  }

  @Test
  void aSizeBelowOneIsRefused() {
    assertRefused(VolumeConfig.origin("vm", "root").size(0)::build, "size 0", List.of());
    assertRefused(VolumeConfig.origin("vm", "root").size(-1)::build, "size -1", List.of());
  }

  @Test
  void inPlaceIsForOriginsOnlyAndNothingIsBelowIt() {
    assertRefused(
        VolumeConfig.snapshot("vm", "root").source(SOURCE).revisionsToKeep(-1)::build,
        "exclude each other",
        List.of());
    assertRefused(VolumeConfig.origin("vm", "root").revisionsToKeep(-2)::build, "-2", List.of());
  }

  @Test
  void aNameThatNoDriverCouldHoldIsRefusedAtOnce() {
    assertRefused(() -> VolumeConfig.origin("..", "root"), "'..'", List.of());
    assertRefused(() -> VolumeConfig.origin("vm", ""), "empty component", List.of());
  }

  private static Map<String, String> map() {
    return new HashMap<>(VolumeConfig.origin("vm", "private").size(512).build().asMap());
  }

  private static void assertRefused(ThrowingCallable call, String part, List<String> keys) {
    assertThatExceptionOfType(StorageException.class)
        .isThrownBy(call)
        .matches(e -> e.code() == Code.INVALID_ARGUMENT)
        .withMessageContaining(part)
        .satisfies(e -> assertThat(keys).allMatch(e.getMessage()::contains));
  }
}
