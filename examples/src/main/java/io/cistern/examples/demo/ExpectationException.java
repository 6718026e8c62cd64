package io.cistern.examples.demo;

/** Something did not turn out as the demonstration says it does. */
final class ExpectationException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ExpectationException(String message) {
    super(message);
  }
}
