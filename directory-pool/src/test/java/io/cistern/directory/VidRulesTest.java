package io.cistern.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cistern.storage.StorageException.Code;
import io.cistern.storage.spi.DriverException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VidRulesTest {
  private static final Path POOL = Path.of("/srv/vms");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "root",
        "a/root",
        "appvms/foo-dirty/private",
        "a/fedora-39.2",
        "a/dirty",
        "a/x-imports",
        "a/export-1",
        "a/b~c",
        "a/b@c",
        "a b/c"
      })
  void ordinaryNamesAreHeld(String vid) {
    assertThat(VidRules.problem(vid)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "root-dirty",
        "a/root-import",
        "a/root-cow",
        "a/root-export-1",
        "a/root.img",
        "a.img/root",
        "x\u2028y-dirty",
        "root.img.1@2018-01-02T03:04:05Z",
        "root.img~removed",
        "a/root.img.next-3"
      })
  void namesThatReadLikeAnotherOneOfTheDriverAreRefused(String vid) {
    assertThat(VidRules.problem(vid)).isPresent();
  }

  @Test
  void namesThatAreTooLongAreRefusedWithTheLimit() {
    String longest = "x".repeat(VidRules.MAX_LAST_BYTES);

    assertThatCode(() -> VidRules.check(POOL, "a/" + longest)).doesNotThrowAnyException();
    assertRefused("a/" + longest + "x", "limit of " + VidRules.MAX_LAST_BYTES);
    assertRefused("a/" + "ä".repeat(VidRules.MAX_LAST_BYTES - 1), "limit of");
    assertRefused("x".repeat(256) + "/a", "limit of 255");
    assertRefused("x/".repeat(64) + "a", "limit of 64");
    assertRefused(("x".repeat(200) + "/").repeat(20) + "a", "limit of 4000");
  }

  private static void assertRefused(String vid, String message) {
    assertThatThrownBy(() -> VidRules.check(POOL, vid))
        .isInstanceOfSatisfying(
            DriverException.class, e -> assertThat(e.code()).isEqualTo(Code.INVALID_ARGUMENT))
        .hasMessageContaining(message);
  }
}
