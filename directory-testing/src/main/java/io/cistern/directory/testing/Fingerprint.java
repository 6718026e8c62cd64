package io.cistern.directory.testing;

import com.google.common.hash.Hashing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/** What a file is, without times. */
final class Fingerprint {
  private Fingerprint() {}

  static boolean isThere(Path file) {
    return Files.exists(file, LinkOption.NOFOLLOW_LINKS);
  }

  static String of(Path file) throws IOException {
    if (Files.isSymbolicLink(file)) {
      return "link to " + Files.readSymbolicLink(file);
    }
    if (Files.isDirectory(file)) {
      return "directory";
    }
    if (!Files.isRegularFile(file)) {
      return "special";
    }
    String hash =
        com.google.common.io.Files.asByteSource(file.toFile()).hash(Hashing.sha256()).toString();
    return Files.size(file) + " bytes " + hash;
  }
}
