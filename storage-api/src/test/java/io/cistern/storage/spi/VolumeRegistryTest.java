package io.cistern.storage.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.cistern.storage.Outcomes;
import io.cistern.storage.StorageException;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.Volume;
import io.cistern.storage.VolumeConfig;
import io.cistern.storage.VolumeId;
import io.cistern.storage.VolumeKind;
import io.cistern.storage.VolumeUpdate;
import java.lang.ref.WeakReference;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class VolumeRegistryTest extends FakePools {
  @Test
  void thereIsOneObjectForAVidHoweverItIsAskedFor() {
    AbstractVolume volume = created("a");

    assertThat(pool.volume(volume.config())).isSameAs(volume);
    assertThat(Outcomes.of(pool.find("a")).orElseThrow()).isSameAs(volume);
    assertThat(Outcomes.of(pool.find(new VolumeId("p", "a"))).orElseThrow()).isSameAs(volume);
    assertThat(Outcomes.of(pool.volumes())).singleElement().isSameAs(volume);
  }

  @Test
  void manyThreadsThatDeclareOneVidGetOneObject() throws Exception {
    Set<Volume> declared = ConcurrentHashMap.newKeySet();
    Callable<Boolean> declaring = () -> declared.add(origin("a"));

    for (var ended : threads.invokeAll(IntStream.range(0, 64).mapToObj(i -> declaring).toList())) {
      ended.get();
    }

    assertThat(declared).hasSize(1);
  }

  @Test
  void aSecondDeclarationThatContradictsTheFirstIsRefused() {
    AbstractVolume volume = origin("a");

    assertThatExceptionOfType(StorageException.class)
        .isThrownBy(() -> pool.volume(volume.config().toBuilder().rw(false).build()))
        .matches(e -> e.code() == Code.INVALID_ARGUMENT)
        .withMessageContaining("declared already");
    assertThat(pool.volume(volume.config().toBuilder().size(9).build())).isSameAs(volume);
    assertThat(volume.config().size()).hasValue(4096);
  }

  @Test
  void whatIsOnDiskButNotDeclaredIsAnOriginAndDeclaringItChangesThat() {
    place.images("found").committed = OptionalLong.of(1024);

    Volume found = Outcomes.of(pool.find("found")).orElseThrow();
    assertThat(found.kind()).isEqualTo(VolumeKind.ORIGIN);
    assertThat(found.config().size()).hasValue(1024);

    assertThat(declare(snapshotOf(origin("source"), "found").saveOnStop(true).build()))
        .isSameAs(found);
    assertThat(found.kind()).isEqualTo(VolumeKind.ORIGIN_SNAPSHOT);
  }

  @Test
  void aRemovedVolumeIsForgottenAndCanBeDeclaredAnewAndOtherwise() {
    AbstractVolume volume = created("a");
    Outcomes.of(volume.remove());
    assertThat(Outcomes.of(pool.volumes())).isEmpty();
    assertThat(Outcomes.of(pool.find("a"))).isEmpty();

    AbstractVolume again = declare(VolumeConfig.builder("a").size(512).build());

    assertThat(again).isSameAs(volume);
    assertThat(again.kind()).isEqualTo(VolumeKind.VOLATILE);
    assertThat(Outcomes.of(again.start())).isNotNull();
  }

  @Test
  void aSourceThatADeclaredVolumeNamesIsNotRemovedUntilThatOneIs() {
    AbstractVolume source = created("source");
    AbstractVolume user = declare(snapshotOf(source, "user").build());

    assertThat(Outcomes.refusal(source.remove()))
        .hasMessageContaining("p:user")
        .extracting(StorageException::code)
        .isEqualTo(Code.VOLUME_IN_USE);
    Outcomes.of(user.remove());
    Outcomes.of(source.remove());
    assertThat(place.volumes).doesNotContainKey("source");
  }

  @Test
  void anObjectAboutWhichNothingIsRememberedGoesWithItsLastReference() {
    WeakReference<AbstractVolume> found = new WeakReference<>(pool.registry().volume("a"));

    await()
        .until(
            () -> {
              System.gc();
              return found.get() == null;
            });
  }

  @Test
  void whatIsDeclaredStartedOrImportedIntoIsNotForgotten() {
    place.images("found").committed = OptionalLong.of(512);
    AbstractVolume found = (AbstractVolume) Outcomes.of(pool.find("found")).orElseThrow();
    assertThat(found.memory().isNeeded()).isFalse();

    Outcomes.of(found.start());
    assertThat(found.memory().isNeeded()).isTrue();
    Outcomes.of(found.stop());
    assertThat(found.memory().isNeeded()).isFalse();
    var open = Outcomes.of(found.importData(512));
    assertThat(found.memory().isNeeded()).isTrue();
    Outcomes.of(open.abort());
    assertThat(found.memory().isNeeded()).isFalse();
    assertThat(origin("b").memory().isNeeded()).isTrue();
  }

  @Test
  void aSettingThatWasUpdatedIsNotForgotten() {
    place.images("found").committed = OptionalLong.of(512);
    AbstractVolume found = (AbstractVolume) Outcomes.of(pool.find("found")).orElseThrow();

    Outcomes.of(found.update(VolumeUpdate.rw(false)));

    assertThat(found.memory().isNeeded()).isTrue();
    Outcomes.of(found.remove());
    assertThat(found.memory().isNeeded()).isFalse();
  }

  @Test
  void aForeignObjectThatCanBeNoVolumeIsLeftOutAndSpoilsNoList() {
    created("a");
    place.foreign.add(new FoundVolume("empty", OptionalLong.of(0)));
    place.foreign.add(new FoundVolume("-rf", OptionalLong.of(512)));

    assertThat(Outcomes.of(pool.volumes()).stream().map(volume -> volume.id().vid()))
        .containsExactly("a", "empty");
    assertThat(Outcomes.of(pool.info()).volumes()).isEqualTo(2);
    assertThat(Outcomes.of(pool.find("-rf"))).isEmpty();
  }

  @Test
  void twoVolumesAreNotEachOthersSource() {
    AbstractVolume a = declare(snapshotOf(origin("b"), "a").saveOnStop(true).build());
    pool = reopen();
    AbstractVolume again = declare(a.config());
    VolumeConfig circle = snapshotOf(again, "b").saveOnStop(true).build();

    assertThatThrownBy(() -> declare(circle)).hasMessageContaining("itself a source");

    Outcomes.of(again.remove());
    declare(circle);
  }
}
