package io.cistern.storage.spi;

import java.io.IOException;
import java.util.concurrent.CompletionException;

/** Lets blocking work that throws checked exceptions be a stage of a future. */
interface Blocking {
  void run() throws IOException;

  static Runnable of(Blocking work) {
    return () -> {
      try {
        work.run();
      } catch (IOException e) {
        throw new CompletionException(e);
      }
    };
  }
}
