package io.cistern.storage.spi;

import java.util.List;

/**
 * A step of an operation, as a driver reports it to a {@link StepProbe}.
 *
 * @param pool the pool's name
 * @param kind what sort of step it is
 * @param name which call or command it is, or what a driver calls the point: {@code "renameat"}
 * @param detail what it is about: names, sizes
 * @param errors the errors that it can fail with, by the names that {@link StepProbe#before} may
 *     give back; empty for a point. What is an answer rather than a failure, such as that there is
 *     no such file, is left out
 */
public record Step(String pool, Kind kind, String name, String detail, List<String> errors) {
  /** The sorts of step. */
  public enum Kind {
    /** A call of the operating system. */
    SYSTEM_CALL,
    /** An external command. */
    COMMAND,
    /** A point between calls that a driver marks. */
    POINT
  }

  /** Copies the list. */
  public Step {
    errors = List.copyOf(errors);
  }

  @Override
  public String toString() {
    return name + " " + detail;
  }
}
