package io.cistern.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.cistern.storage.StorageException.Code;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PoolConfigTest {
  private final PoolConfig config =
      PoolConfig.builder("vms", "file-reflink").set("dir_path", "/srv").set("a", "b").build();

  @Test
  void whatIsWrittenToAMapIsReadBackEqual() {
    assertThat(PoolConfig.fromMap(config.asMap()))
        .isEqualTo(config)
        .hasSameHashCodeAs(config)
        .hasToString(config.toString());
    assertThat(config.asMap())
        .isEqualTo(Map.of("name", "vms", "driver", "file-reflink", "dir_path", "/srv", "a", "b"));
  }

  @Test
  void parametersAreReadByTheirKeyAndNameAndDriverAreNone() {
    assertThat(config.get("dir_path")).contains("/srv");
    assertThat(config.get("name")).isEmpty();
    assertThat(config.parameters()).containsOnlyKeys("dir_path", "a");
  }

  @ParameterizedTest
  @ValueSource(strings = {"name", "driver"})
  void aMapWithoutNameOrDriverIsRefusedNamingTheKey(String key) {
    Map<String, String> map = config.asMap();
    map.remove(key);

    assertThatExceptionOfType(StorageException.class)
        .isThrownBy(() -> PoolConfig.fromMap(map))
        .matches(e -> e.code() == Code.INVALID_ARGUMENT)
        .withMessageContaining("the key '" + key + "' is missing")
        .withMessageContaining("Give 'name', 'driver'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"name", "driver"})
  void nameAndDriverCannotBeSetAsParameters(String key) {
    assertThatExceptionOfType(StorageException.class)
        .isThrownBy(() -> PoolConfig.builder("vms", "lvm_thin").set(key, "x"))
        .matches(e -> e.code() == Code.INVALID_ARGUMENT)
        .withMessageContaining("'" + key + "'");
  }

  @Test
  void aNameThatCannotBeUsedIsRefusedAtOnce() {
    assertThatExceptionOfType(StorageException.class)
        .isThrownBy(() -> PoolConfig.builder("v/ms", "lvm_thin"))
        .matches(e -> e.code() == Code.INVALID_ARGUMENT)
        .withMessageContaining("v/ms");
  }

  @Test
  void aConfigurationDoesNotChangeWithItsBuilder() {
    PoolConfig.Builder builder = PoolConfig.builder("vms", "x").set("a", "1");
    PoolConfig built = builder.build();
    builder.set("a", "2");

    assertThat(built.get("a")).contains("1");
  }
}
