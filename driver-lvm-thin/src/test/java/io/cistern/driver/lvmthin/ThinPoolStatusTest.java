package io.cistern.driver.lvmthin;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Splitter;
import org.junit.jupiter.api.Test;

/** Lines as the kernel writes them. */
class ThinPoolStatusTest {
  private static ThinPoolStatus parse(String line) {
    return ThinPoolStatus.parse(Splitter.on(' ').splitToList(line), 65536);
  }

  @Test
  void aPoolThatIsWellHasRoom() {
    assertThat(parse("19 86/512 6000/9600 - rw discard_passdown queue_if_no_space - 128"))
        .satisfies(
            status -> {
              assertThat(status.isWritable()).isTrue();
              assertThat(status.needsCheck()).isFalse();
              assertThat(status.passesDiscardsDown()).isTrue();
              assertThat(status.fill())
                  .contains(new PoolFill(6000 * 65536L, 9600 * 65536L, 86 * 4096L, 512 * 4096L));
            });
  }

  @Test
  void oneThatHasNoRoomForMetadataTakesNoChanges() {
    assertThat(
            parse("19 511/512 9/9600 - ro no_discard_passdown queue_if_no_space needs_check 128"))
        .satisfies(
            status -> {
              assertThat(status.isWritable()).isFalse();
              assertThat(status.needsCheck()).isTrue();
              assertThat(status.passesDiscardsDown()).isFalse();
              assertThat(status.fill().orElseThrow().isOutOfMetadata()).isTrue();
            });
  }

  @Test
  void oneThatHasNoRoomForDataTakesChanges() {
    assertThat(
            parse("7 61/512 9600/9600 - out_of_data_space discard_passdown queue_if_no_space - 8")
                .isWritable())
        .isTrue();
  }

  @Test
  void oneThatHasFailedTellsNothingElse() {
    assertThat(parse("Fail").fill()).isEmpty();
    assertThat(parse("Fail").isWritable()).isFalse();
  }
}
