package io.cistern.examples.demo;

import java.io.IOException;

/** One part of the demonstration. */
record Act(String title, Play play) {
  /** What is done in an act. */
  @FunctionalInterface
  interface Play {
    void play(Stage stage) throws IOException;
  }
}
