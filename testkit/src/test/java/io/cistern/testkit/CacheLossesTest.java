package io.cistern.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.cistern.testkit.CacheLosses.Loss;
import io.cistern.testkit.WriteLog.Entry;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CacheLossesTest {
  private static final Entry FLUSH = Entry.flush();

  /** Writes 0 to 3, a flush, writes 5 to 7, a flush, and write 9. */
  private static final List<Entry> LOG =
      List.of(
          write(0), write(1), write(2), write(3), FLUSH, write(1), write(2), write(1), FLUSH,
          write(9));

  private static Entry write(int block) {
    return Entry.write(block * 4096L, 4096);
  }

  private static List<Loss> losses(boolean thorough) {
    return CacheLosses.of(LOG, new Random(1), thorough);
  }

  private static List<List<Integer>> at(int point, String manner) {
    return losses(true).stream()
        .filter(loss -> loss.point() == point && loss.manner().equals(manner))
        .map(Loss::writes)
        .toList();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whatWasFlushedIsThereAndInItsPlace(boolean thorough) {
    for (Loss loss : losses(thorough)) {
      int flushed = loss.point() > 8 ? 8 : loss.point() > 4 ? 4 : 0;
      List<Integer> expected = new ArrayList<>();
      for (int write = 0; write < flushed; write++) {
        if (!LOG.get(write).isFlush()) {
          expected.add(write);
        }
      }
      assertThat(loss.writes().subList(0, expected.size())).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void eachWriteBeforeThePointIsDoneOnceOrLost(boolean thorough) {
    for (Loss loss : losses(thorough)) {
      Set<Integer> all = new TreeSet<>(loss.writes());
      all.addAll(loss.lost());
      List<Integer> expected = new ArrayList<>();
      for (int write = 0; write < loss.point(); write++) {
        if (!LOG.get(write).isFlush()) {
          expected.add(write);
        }
      }
      assertThat(all).containsExactlyElementsOf(expected);
      assertThat(loss.writes()).hasSize(expected.size() - loss.lost().size());
    }
  }

  @Test
  void allIsKeptAndAllIsLostAtEachFlushAndAtTheEnd() {
    assertThat(at(4, "nothing lost")).containsExactly(List.of(0, 1, 2, 3));
    assertThat(at(4, "all lost")).containsExactly(List.of());
    assertThat(at(8, "nothing lost")).containsExactly(List.of(0, 1, 2, 3, 5, 6, 7));
    assertThat(at(8, "all lost")).containsExactly(List.of(0, 1, 2, 3));
    assertThat(at(10, "nothing lost")).containsExactly(List.of(0, 1, 2, 3, 5, 6, 7, 9));
    assertThat(at(10, "all lost")).containsExactly(List.of(0, 1, 2, 3, 5, 6, 7));
  }

  @Test
  void anOlderWriteWins() {
    assertThat(at(8, "all done in reverse")).containsExactly(List.of(0, 1, 2, 3, 7, 6, 5));
  }

  @Test
  void aThoroughChoiceHasEachPoint() {
    assertThat(losses(true)).extracting(Loss::point).contains(1, 2, 3, 4, 6, 7, 8, 10);
  }

  @Test
  void aChoiceHasAPointBetweenTwoFlushes() {
    assertThat(losses(false))
        .extracting(Loss::point)
        .containsAnyOf(1, 2, 3)
        .containsAnyOf(6, 7)
        .contains(4, 8, 10);
  }

  @Test
  void theLastOnesAreThoseAtTheEnd() {
    assertThat(losses(false).get(losses(false).size() - 1).point()).isEqualTo(LOG.size());
  }

  @Test
  void theSameSeedChoosesTheSame() {
    assertThat(losses(true)).isEqualTo(losses(true));
    assertThat(losses(true)).isNotEqualTo(CacheLosses.of(LOG, new Random(2), true));
  }

  @Test
  void aLogThatIsEmptyHasOneDisk() {
    assertThat(CacheLosses.of(List.of(), new Random(1), true))
        .containsExactly(new Loss(0, List.of(), "nothing lost", List.of()));
  }
}
