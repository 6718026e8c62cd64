package io.cistern.storage.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cistern.storage.Outcomes;
import io.cistern.storage.StorageEvent;
import io.cistern.storage.StorageException;
import io.cistern.storage.StorageException.Code;
import java.io.IOException;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class PoolDestroyTest extends FakePools {
  @Test
  void anEmptyPoolIsDestroyedAndCanBeSetUpAgain() {
    Outcomes.of(pool.destroy());
    assertThat(Outcomes.of(pool.info()).isReady()).isFalse();
    assertThat(Outcomes.code(origin("a").create())).isEqualTo(Code.POOL_NOT_READY);

    Outcomes.of(pool.setup());

    assertThat(Outcomes.of(pool.info()).isReady()).isTrue();
    assertThat(eventTypes())
        .contains(StorageEvent.Type.POOL_DESTROYED, StorageEvent.Type.POOL_SET_UP);
  }

  @Test
  void aPoolWithVolumesIsNotDestroyed() {
    place.images("found").committed = OptionalLong.of(512);

    assertThat(Outcomes.refusal(pool.destroy()))
        .hasMessageContaining("p:found")
        .extracting(StorageException::code)
        .isEqualTo(Code.VOLUME_EXISTS);
    assertThat(place.calls).doesNotContain("doDestroy");
  }

  @Test
  void aCreateThatRunsIsLetEndAndItsVolumeKeepsThePool() {
    AbstractVolume volume = origin("a");
    Outcomes.of(volume.remove());
    Blocker blocker = place.block("doCreate", "a");
    var create = volume.create();
    blocker.awaitReached();

    var destroy = pool.destroy();
    await().until(() -> Outcomes.of(pool.usage().handle((usage, refused) -> refused != null)));
    assertThat(Outcomes.code(origin("b").create())).isEqualTo(Code.POOL_NOT_READY);
    blocker.release();

    Outcomes.of(create);
    assertThat(Outcomes.code(destroy)).isEqualTo(Code.VOLUME_EXISTS);
    assertThat(place.calls).doesNotContain("doDestroy");
    assertThat(Outcomes.of(volume.start())).isNotNull();
  }

  @Test
  void aPoolThatHasVolumesIsNotTakenOutOfServiceToFindThatOut() {
    AbstractVolume busy = created("busy");
    AbstractVolume other = created("other");
    Blocker blocker = place.block("doStart", "busy");
    var start = busy.start();
    blocker.awaitReached();

    assertThat(Outcomes.code(pool.destroy())).isEqualTo(Code.VOLUME_EXISTS);
    Outcomes.of(other.start());

    blocker.release();
    Outcomes.of(start);
  }

  @Test
  void aSetupThatFollowsADestroyAtOnceSetsThePoolUpAgain() {
    Blocker blocker = place.block("doVolumes", "");
    var destroy = pool.destroy();
    var setup = pool.setup();
    blocker.awaitReached();
    blocker.release();

    Outcomes.of(destroy);
    Outcomes.of(setup);
    assertThat(place.isSetUp).isTrue();
  }

  @Test
  void aSetupThatWaitsForADestroyIsLetEndBeforeTheClose() {
    Blocker blocker = place.block("doDestroy", "");
    var destroy = pool.destroy();
    blocker.awaitReached();
    var setup = pool.setup();
    var close = pool.close();
    blocker.release();

    Outcomes.of(destroy);
    Outcomes.of(setup);
    Outcomes.of(close);
    assertThat(place.calls).endsWith("doDestroy", "doSetup", "doClose");
  }

  @Test
  void aDestroyThatFailsLeavesThePoolOpenForWork() {
    place.fail("doDestroy", "", new IOException("EBUSY"));

    assertThat(Outcomes.code(pool.destroy())).isEqualTo(Code.IO);

    Outcomes.of(created("a").start());
  }

  @Test
  void anAbsentPlaceIsNotDestroyed() {
    place.isSetUp = false;

    assertThat(Outcomes.code(pool.destroy())).isEqualTo(Code.POOL_NOT_READY);
    assertThat(place.calls).doesNotContain("doDestroy");
  }
}
