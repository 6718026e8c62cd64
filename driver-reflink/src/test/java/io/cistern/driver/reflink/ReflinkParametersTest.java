package io.cistern.driver.reflink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cistern.storage.PoolConfig;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.spi.DriverException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReflinkParametersTest {
  @Test
  void onlyTheDirectoryHasNoDefault() throws Exception {
    assertThat(ReflinkParameters.of(config("dir_path", "/srv/vms/../pool")))
        .isEqualTo(new ReflinkParameters(Path.of("/srv/pool"), 1, true));
  }

  @ParameterizedTest
  @CsvSource({
    "dir_path,relative",
    "dir_path,/",
    "dir_path,''",
    "revisions_to_keep,-2",
    "revisions_to_keep,many",
    "revisions_to_keep,9999999999",
    "setup_check,maybe",
    "setup_check,YES"
  })
  void aMalformedValueIsRefusedNamingKeyAndValue(String key, String value) {
    PoolConfig config =
        PoolConfig.builder("p", "file-reflink").set("dir_path", "/srv").set(key, value).build();

    assertThatThrownBy(() -> ReflinkParameters.of(config))
        .isInstanceOfSatisfying(
            DriverException.class,
            e -> {
              assertThat(e.code()).isEqualTo(Code.INVALID_ARGUMENT);
              assertThat(e.remedy()).contains("dir_path", "revisions_to_keep", "setup_check");
            })
        .hasMessageContaining("'" + key + "'")
        .hasMessageContaining("'" + value + "'");
  }

  private static PoolConfig config(String key, String value) {
    return PoolConfig.builder("p", "file-reflink").set(key, value).build();
  }
}
