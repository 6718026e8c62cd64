package io.cistern.linux;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Takes back the steps of an operation that fails midway.
 *
 * <pre>{@code
 * try (Undo undo = new Undo()) {
 *   OpenFile file = directory.createFile("new");
 *   undo.push(() -> directory.unlink("new"));
 *   undo.push(file::close);
 *   …
 *   undo.disarm(); // the commit point: from here on nothing is taken back
 * }
 * }</pre>
 *
 * <p>For one thread.
 */
public final class Undo implements AutoCloseable {
  private final Deque<Step> steps = new ArrayDeque<>();

  /** Has nothing to take back yet. */
  public Undo() {}

  /** Takes back one step. */
  @FunctionalInterface
  public interface Step {
    /** Takes it back. */
    void undo() throws IOException;
  }

  /** Adds a step that is taken back before all that were added earlier. */
  public void push(Step step) {
    steps.push(step);
  }

  /** Forgets all steps: the operation has succeeded. */
  public void disarm() {
    steps.clear();
  }

  /**
   * Takes back all steps, the last one first, unless disarmed. All are tried. The first failure is
   * thrown with later ones suppressed in it; try-with-resources suppresses it in turn in the
   * exception that ended the operation.
   */
  @Override
  public void close() throws IOException {
    @Nullable Throwable first = null;
    while (!steps.isEmpty()) {
      try {
        steps.pop().undo();
      } catch (IOException | RuntimeException | Error e) {
        first = join(first, e);
      }
    }
    rethrow(first);
  }

  private static Throwable join(@Nullable Throwable first, Throwable next) {
    if (first == null) {
      return next;
    }
    if (first != next) {
      first.addSuppressed(next);
    }
    return first;
  }

  private static void rethrow(@Nullable Throwable failure) throws IOException {
    if (failure instanceof IOException e) {
      throw e;
    }
    if (failure instanceof RuntimeException e) {
      throw e;
    }
    if (failure instanceof Error e) {
      throw e;
    }
  }
}
