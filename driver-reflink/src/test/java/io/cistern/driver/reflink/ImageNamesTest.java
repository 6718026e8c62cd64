package io.cistern.driver.reflink;

import static org.assertj.core.api.Assertions.assertThat;

import io.cistern.directory.VidRules;
import io.cistern.driver.reflink.ImageNames.RevisionName;
import io.cistern.driver.reflink.ImageNames.Unfinished;
import io.cistern.storage.RevisionId;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImageNamesTest {
  private final ImageNames names = ImageNames.of("appvms/foo/private");

  @Test
  void aVidIsDirectoriesAndTheNameOfAnImage() {
    assertThat(names.place().directories()).containsExactly("appvms", "foo");
    assertThat(names.clean()).isEqualTo("private.img");
    assertThat(names.dirty()).isEqualTo("private-dirty.img");
    assertThat(names.imported()).isEqualTo("private-import.img");
    assertThat(names.export(7)).isEqualTo("private-export-7.img");
    assertThat(names.unfinished(Unfinished.DIRTY)).isEqualTo("private.img~dirty");
  }

  @Test
  void aRevisionNameIsReadAsItWasWritten() {
    Instant now = Instant.parse("2018-01-02T03:04:05.678Z");
    String name = names.revision(123, now);

    assertThat(name).isEqualTo("private.img.123@2018-01-02T03:04:05Z");
    assertThat(names.parseRevision(name))
        .contains(
            new RevisionName(name, new RevisionId(123), Instant.parse("2018-01-02T03:04:05Z")));
  }

  @Test
  void aClockThatRanAwayMakesANameThatCanBeReadStill() {
    for (Instant now : List.of(Instant.MAX, Instant.MIN, Instant.parse("+10000-01-01T00:00:00Z"))) {
      assertThat(names.parseRevision(names.revision(1, now))).as("%s", now).isPresent();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "private.img@2018-01-02T03:04:05Z",
        "private.img.0@2018-01-02T03:04:05Z",
        "private.img.01@2018-01-02T03:04:05Z",
        "private.img.-1@2018-01-02T03:04:05Z",
        "private.img.1234567890123456789@2018-01-02T03:04:05Z",
        "private.img.1@2018-13-02T03:04:05Z",
        "private.img.1@2018-01-02 03:04:05",
        "private.img.1@2018-01-02T03:04:05Z.bak",
        "private2.img.1@2018-01-02T03:04:05Z",
        "my-private.img.1@2018-01-02T03:04:05Z",
        "private.img",
        ""
      })
  void whatOnlyLooksLikeARevisionIsNone(String name) {
    assertThat(names.parseRevision(name)).isEmpty();
  }

  @Test
  void filesOfAVolumeWhoseNameBeginsTheSameAreNotAmongItsOwn() {
    List<String> others =
        List.of(
            "private2.img",
            "private2.img~dirty",
            "private2-export-1.img",
            "private2.img.9@2018-01-02T03:04:05Z",
            "private-root.img~create",
            "private-root-import.img",
            "private.img.next-x",
            "private-export-.img",
            "private-export-1.img.bak",
            "private.img~mine");

    assertThat(VolumeFiles.among(names, others)).isEqualTo(VolumeFiles.among(names, List.of()));
  }

  @Test
  void theHighestNumberIsWhatARevisionOrACounterVouchesFor() {
    String five = names.revision(5, Instant.EPOCH);

    assertThat(VolumeFiles.among(names, List.of()).highest()).isZero();
    assertThat(VolumeFiles.among(names, List.of(five)).highest()).isEqualTo(5);
    assertThat(VolumeFiles.among(names, List.of(five, names.counter(9))).highest()).isEqualTo(8);
    assertThat(VolumeFiles.among(names, List.of(five, names.counter(6))).highest()).isEqualTo(5);
  }

  @Test
  void theLongestNameLeavesRoomForEverySuffix() {
    ImageNames longest = ImageNames.of("x".repeat(VidRules.MAX_LAST_BYTES));

    assertThat(longest.revision(ImageNames.maxNumber(), Instant.EPOCH))
        .hasSizeLessThanOrEqualTo(255);
    assertThat(longest.export(Long.MAX_VALUE)).hasSizeLessThanOrEqualTo(255);
    assertThat(longest.counter(Long.MAX_VALUE)).hasSizeLessThanOrEqualTo(255);
  }
}
