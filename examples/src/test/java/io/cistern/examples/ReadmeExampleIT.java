package io.cistern.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReadmeExampleIT {
  private static final long SIZE = 8L << 20;

  @TempDir Path temporary;

  @Test
  void theExampleOfTheReadmeRuns() throws IOException {
    Path image = temporary.resolve("debian.raw");
    try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
      file.setLength(SIZE);
      file.writeBytes("content");
    }
    Path pool = TestPlaces.newDirectoryOn("btrfs").resolve("vms");

    try (FileChannel channel = FileChannel.open(image)) {
      ReadmeExample.run(pool.toString(), channel);
    }

    assertThat(pool.resolve("templates/debian/root.img")).hasSameBinaryContentAs(image);
    assertThat(pool.resolve("alice"))
        .isDirectoryContaining("glob:**home.img")
        .isDirectoryContaining("glob:**home.img.1@*")
        .isDirectoryNotContaining("glob:**root*");
  }
}
