package io.cistern.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class UndoTest {
  private final List<String> undone = new ArrayList<>();

  @Test
  void theLastStepIsTakenBackFirst() throws IOException {
    try (Undo undo = new Undo()) {
      undo.push(() -> undone.add("first"));
      undo.push(() -> undone.add("second"));
    }

    assertThat(undone).containsExactly("second", "first");
  }

  @Test
  void nothingIsTakenBackOnceDisarmed() throws IOException {
    try (Undo undo = new Undo()) {
      undo.push(() -> undone.add("first"));
      undo.disarm();
    }

    assertThat(undone).isEmpty();
  }

  @Test
  void allStepsAreTriedAndTheirFailuresSuppressedInTheCause() {
    IOException one = new IOException("one");
    IllegalStateException other = new IllegalStateException("other");

    assertThatThrownBy(
            () -> {
              try (Undo undo = new Undo()) {
                undo.push(() -> undone.add("first"));
                undo.push(
                    () -> {
                      throw other;
                    });
                undo.push(
                    () -> {
                      throw one;
                    });
                throw new IOException("cause");
              }
            })
        .hasMessage("cause")
        .hasSuppressedException(one);
    assertThat(one).hasSuppressedException(other);
    assertThat(undone).containsExactly("first");
  }
}
