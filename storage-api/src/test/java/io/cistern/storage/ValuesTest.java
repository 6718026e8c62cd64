package io.cistern.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.cistern.storage.StorageException.Code;
import java.util.ArrayList;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The records and what is read from text. */
class ValuesTest {
  private static final StorageException REFUSAL =
      new StorageException(Code.READ_ONLY, "volume a:b", "start", "it is so.", "Do this.");

  @Test
  void anUpdateChangesOnlyWhatItNames() {
    assertThat(VolumeUpdate.rw(false))
        .isEqualTo(new VolumeUpdate(Optional.of(false), OptionalInt.empty()));
    assertThat(VolumeUpdate.revisionsToKeep(-1))
        .isEqualTo(new VolumeUpdate(Optional.empty(), OptionalInt.of(-1)));
  }

  @Test
  void anUpdateToLessThanInPlaceIsRefused() {
    assertThatExceptionOfType(StorageException.class)
        .isThrownBy(() -> VolumeUpdate.revisionsToKeep(-2))
        .matches(e -> e.code() == Code.INVALID_ARGUMENT)
        .withMessageContaining("-2");
  }

  @Test
  void usagesAddUpAndWhatOnlyOneKnowsCountsAsItIs() {
    PoolUsage data = PoolUsage.ofData(10, 1);
    PoolUsage all =
        new PoolUsage(
            OptionalLong.of(5), OptionalLong.of(2), OptionalLong.of(7), OptionalLong.of(3));

    assertThat(data.plus(all))
        .isEqualTo(
            new PoolUsage(
                OptionalLong.of(15), OptionalLong.of(3), OptionalLong.of(7), OptionalLong.of(3)));
    assertThat(all.plus(data)).isEqualTo(data.plus(all));
    assertThat(data.plus(PoolUsage.unknown())).isEqualTo(data);
    assertThat(PoolUsage.unknown().plus(PoolUsage.unknown())).isEqualTo(PoolUsage.unknown());
  }

  @Test
  void aSumThatDoesNotFitIsTheGreatestNumberAndNotANegativeOne() {
    PoolUsage huge = PoolUsage.ofData(Long.MAX_VALUE, 1);

    assertThat(huge.plus(huge)).isEqualTo(PoolUsage.ofData(Long.MAX_VALUE, 2));
  }

  @Test
  void theStorageExceptionIsFoundInAnyWrappers() {
    Throwable wrapped =
        new CompletionException(new ExecutionException(new CompletionException(REFUSAL)));

    assertThat(StorageException.in(wrapped)).isSameAs(REFUSAL);
    assertThat(StorageException.in(REFUSAL)).isSameAs(REFUSAL);
  }

  @Test
  void anotherFailureIsNoStorageException() {
    assertThat(StorageException.in(new IllegalStateException(REFUSAL))).isNull();
    assertThat(StorageException.in(new CompletionException(null))).isNull();
    assertThat(StorageException.in(null)).isNull();
  }

  @Test
  void theMessageHasFourPartsAndTheCode() {
    assertThat(REFUSAL).hasMessage("volume a:b: cannot start: it is so. Do this. [READ_ONLY]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0", "-1", "+5", "05", "1.0", "x", "9223372036854775808", "٣"})
  void whatIsNotWrittenLikeARevisionNumberIsRefused(String text) {
    assertThatExceptionOfType(StorageException.class)
        .isThrownBy(() -> RevisionId.parse(text))
        .matches(e -> e.code() == Code.INVALID_ARGUMENT)
        .withMessageContaining("'" + text + "'");
  }

  @Test
  void aRevisionNumberIsReadBackAndOrderedByNumber() {
    assertThat(RevisionId.parse(new RevisionId(12).toString())).isEqualTo(new RevisionId(12));
    assertThat(new RevisionId(9)).isLessThan(new RevisionId(10));
  }

  @Test
  void theListInADriversInfoDoesNotChange() {
    ArrayList<DriverParameter> parameters = new ArrayList<>();
    DriverInfo info = new DriverInfo("fake", parameters);
    parameters.add(DriverParameter.optional("a", "means it", "1"));

    assertThat(info.parameters()).isEmpty();
  }
}
