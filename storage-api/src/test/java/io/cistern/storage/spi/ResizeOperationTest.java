package io.cistern.storage.spi;

import static io.cistern.storage.ResizeOption.ALLOW_SHRINK;
import static org.assertj.core.api.Assertions.assertThat;

import io.cistern.storage.Capability;
import io.cistern.storage.Outcomes;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.VolumeConfig;
import java.io.IOException;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResizeOperationTest extends FakePools {
  @ParameterizedTest
  @ValueSource(longs = {0, -1, Long.MIN_VALUE, Long.MAX_VALUE})
  void whatIsNoSizeIsRefused(long size) {
    assertThat(Outcomes.code(created("a").resize(size, ALLOW_SHRINK)))
        .isEqualTo(Code.INVALID_ARGUMENT);
  }

  @Test
  void aStoppedOriginGrowsToItsSizeRoundedUp() {
    AbstractVolume volume = created("a");

    Outcomes.of(volume.resize(5000));

    assertThat(Outcomes.of(volume.size())).hasValue(5120);
    assertThat(place.calls("a")).endsWith("doResize");
    assertThat(volume.config().size()).hasValue(5120);
  }

  @Test
  void aStoppedOriginShrinksOnlyIfThatIsAllowed() {
    AbstractVolume volume = created("a");
    assertThat(Outcomes.refusal(volume.resize(512)))
        .hasMessageContaining("ALLOW_SHRINK")
        .matches(refusal -> refusal.code() == Code.INVALID_ARGUMENT);

    Outcomes.of(volume.resize(512, ALLOW_SHRINK, ALLOW_SHRINK));
    assertThat(Outcomes.of(volume.size())).hasValue(512);

    place.capabilities.remove(Capability.SHRINK);
    Outcomes.of(volume.resize(1024));
    assertThat(Outcomes.code(volume.resize(512, ALLOW_SHRINK))).isEqualTo(Code.UNSUPPORTED);
  }

  @Test
  void toTheSizeItHasNothingIsDone() {
    AbstractVolume volume = created("a");

    Outcomes.of(volume.resize(4000));

    assertThat(place.calls("a")).containsExactly("doCreate");
  }

  @Test
  void aStartedVolumeGrowsAndItsCommittedContentFollowsAtStop() {
    AbstractVolume volume = started("a");

    Outcomes.of(volume.resize(8192));

    assertThat(Outcomes.of(volume.size())).hasValue(8192);
    assertThat(place.images("a").committed).hasValue(4096);
    Outcomes.of(volume.stop());
    assertThat(place.images("a").committed).hasValue(8192);
  }

  @Test
  void aStartedVolumeNeverShrinks() {
    AbstractVolume volume = started("a");

    assertThat(Outcomes.code(volume.resize(512))).isEqualTo(Code.INVALID_ARGUMENT);
    assertThat(Outcomes.code(volume.resize(512, ALLOW_SHRINK))).isEqualTo(Code.VOLUME_IN_USE);
  }

  @Test
  void aCrashedVolumeGrowsButDoesNotShrink() {
    started("a");
    pool = reopen();
    AbstractVolume volume = origin("a");

    assertThat(Outcomes.code(volume.resize(512, ALLOW_SHRINK))).isEqualTo(Code.VOLUME_DIRTY);
    Outcomes.of(volume.resize(8192));
    assertThat(place.images("a").session).hasValue(8192);
  }

  @Test
  void withoutTheCapabilityAStartedVolumeDoesNotGrow() {
    AbstractVolume volume = started("a");
    place.capabilities.remove(Capability.ONLINE_RESIZE);

    assertThat(Outcomes.code(volume.resize(8192))).isEqualTo(Code.UNSUPPORTED);
    assertThat(Outcomes.code(volume.resize(512, ALLOW_SHRINK))).isEqualTo(Code.VOLUME_IN_USE);
  }

  @Test
  void aVolumeThatMayNotBeWrittenIsNotResized() {
    AbstractVolume volume =
        declare(VolumeConfig.builder("a").saveOnStop(true).rw(false).size(512).build());
    Outcomes.of(volume.create());

    assertThat(Outcomes.code(volume.resize(1024))).isEqualTo(Code.READ_ONLY);
  }

  @Test
  void anOriginWithoutItsImageIsNotResized() {
    assertThat(Outcomes.code(origin("a").resize(8192))).isEqualTo(Code.VOLUME_NOT_FOUND);
  }

  @Test
  void aStartedVolumeWhoseImageIsGoneIsNotResized() {
    AbstractVolume volume = started("a");
    place.images("a").session = OptionalLong.empty();

    assertThat(Outcomes.code(volume.resize(8192))).isEqualTo(Code.IO);
  }

  @Test
  void ofAVolatileVolumeTheNominalSizeChanges() {
    AbstractVolume volume = declare(VolumeConfig.builder("a").size(4096).build());
    assertThat(Outcomes.code(volume.resize(512))).isEqualTo(Code.INVALID_ARGUMENT);

    Outcomes.of(volume.resize(512, ALLOW_SHRINK));
    Outcomes.of(volume.start());

    assertThat(Outcomes.of(volume.size())).hasValue(512);
    assertThat(place.calls("a")).doesNotContain("doResize", "doResizeSession");
  }

  @Test
  void aSnapshotTakesItsSourcesSizeAllTheSame() {
    AbstractVolume snapshot = declare(snapshotOf(created("source"), "s").build());

    Outcomes.of(snapshot.resize(8192));
    assertThat(snapshot.config().size()).hasValue(8192);
    Outcomes.of(snapshot.start());

    assertThat(Outcomes.of(snapshot.size())).hasValue(4096);
  }

  @Test
  void aResizeThatFailsLeavesTheConfiguredSize() {
    AbstractVolume volume = created("a");
    place.fail("doResize", "a", new IOException("EIO"));

    Outcomes.refusal(volume.resize(8192));

    assertThat(volume.config().size()).hasValue(4096);
  }

  @Test
  void aNominalSizeThatCannotBeRoundedUpStaysPositive() {
    AbstractVolume huge = declare(VolumeConfig.builder("a").size(Long.MAX_VALUE).build());

    assertThat(huge.nominalSize().getAsLong()).isPositive().matches(size -> size % 512 == 0);
  }
}
