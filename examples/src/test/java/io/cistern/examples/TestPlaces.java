package io.cistern.examples;

import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Directories on the file systems that {@code dev/test} makes. */
public final class TestPlaces {
  private TestPlaces() {}

  /** Makes a directory on a file system of that type; without one, skips the test or fails it. */
  public static Path newDirectoryOn(String type) throws IOException {
    String property = "cistern.test." + type;
    String place = System.getProperty(property);
    if (place == null) {
      String reason = "no " + type + " here; -D" + property + "=DIRECTORY names one";
      if (Boolean.getBoolean("cistern.test.strict")) {
        fail(reason);
      }
      assumeTrue(false, reason);
    }
    return Files.createTempDirectory(Path.of(place), "examples");
  }
}
