package io.cistern.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.cistern.storage.StorageException.Code;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VolumeIdTest {
  @ParameterizedTest
  @ValueSource(
      strings = {"root", "appvms/foo/private", "a-b", "a.b", "root2", "a b", "größe", "a:b", "𝄞"})
  void anOrdinaryVidIsTakenAndReadBack(String vid) {
    VolumeId id = new VolumeId("vms", vid);

    assertThat(VolumeId.parse(id.toString())).isEqualTo(id);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/etc/passwd",
        "/",
        "..",
        "../other",
        "a/../b",
        "a/..",
        ".",
        "a/./b",
        ".hidden",
        "a/.hidden",
        "-rf",
        "a/-rf",
        "a//b",
        "a/",
        "a\nb",
        "a\u0000b",
        "a\tb",
        "a\u007fb",
        "a\u0085b"
      })
  void aVidThatCouldLeaveThePoolOrInjectAnOptionIsRefused(String vid) {
    assertThatExceptionOfType(StorageException.class)
        .isThrownBy(() -> new VolumeId("vms", vid))
        .matches(e -> e.code() == Code.INVALID_ARGUMENT)
        .withMessageStartingWith("vid '")
        .matches(e -> e.getMessage().chars().noneMatch(Character::isISOControl));
  }

  @Test
  void halfASurrogatePairIsRefused() {
    assertThatExceptionOfType(StorageException.class)
        .isThrownBy(() -> new VolumeId("vms", "a\ud834"))
        .withMessageContaining("a\\ud834");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-x", ".x", "a/b", "a:b", "a b", "a\n", "ü", ".."})
  void aPoolNameOfOtherCharactersIsRefused(String name) {
    assertThatExceptionOfType(StorageException.class)
        .isThrownBy(() -> new VolumeId(name, "root"))
        .matches(e -> e.code() == Code.INVALID_ARGUMENT);
  }

  @Test
  void aTextWithoutColonIsNoId() {
    assertThatExceptionOfType(StorageException.class)
        .isThrownBy(() -> VolumeId.parse("vms"))
        .withMessageContaining("no ':'");
  }

  @Test
  void idsAreOrderedByPoolThenByVid() {
    List<String> sorted =
        Stream.of("b:a", "a:b", "a:a")
            .map(VolumeId::parse)
            .sorted()
            .map(VolumeId::toString)
            .toList();

    assertThat(sorted).containsExactly("a:a", "a:b", "b:a");
  }
}
