package io.cistern.testkit.memory;

import io.cistern.storage.RevisionId;
import io.cistern.storage.VolumeConfig;
import io.cistern.storage.spi.PinnedContent;
import io.cistern.storage.spi.SessionForm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Volumes with one bug each, which shows only if strange things have the right names. */
final class ClutterBugs {
  private ClutterBugs() {}

  /** Takes an unknown image for a leftover and empties it, whatever it is, before it removes it. */
  static final class FollowsLink extends MemoryVolume {
    FollowsLink(MemoryPool pool, VolumeConfig config) {
      super(pool, config);
    }

    @Override
    protected void doCreate(long size) throws IOException {
      super.doCreate(size);
      for (Path file : imagesIn(images.path(1).getParent())) {
        boolean known =
            images.catalog().images().keySet().stream().map(images::path).anyMatch(file::equals);
        if (!known && Files.isRegularFile(file)) {
          Files.write(file, new byte[0]);
          Files.delete(file);
        }
      }
    }
  }

  /** Whatever has the name of a tombstone tells that all in the directory is to go. */
  static final class AnythingIsTombstone extends MemoryVolume {
    AnythingIsTombstone(MemoryPool pool, VolumeConfig config) {
      super(pool, config);
    }

    @Override
    protected SessionForm doSession() throws IOException {
      Path directory = images.path(1).getParent();
      if (Files.exists(directory.resolve("tombstone"))
          && Files.notExists(directory.resolve("catalog"))) {
        try (Stream<Path> all = Files.walk(directory)) {
          for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
            Files.delete(path);
          }
        }
      }
      return super.doSession();
    }
  }

  /** Takes it for granted that what is called like an image is one, in whichever directory. */
  static final class DirectoryFailsExports extends MemoryVolume {
    DirectoryFailsExports(MemoryPool pool, VolumeConfig config) {
      super(pool, config);
    }

    @Override
    protected PinnedContent doExport(Optional<RevisionId> revision) throws IOException {
      try (Stream<Path> directories = Files.list(images.path(1).getParent().getParent())) {
        for (Path directory : directories.toList()) {
          for (Path image : imagesIn(directory)) {
            Files.newByteChannel(image).close();
          }
        }
      }
      return super.doExport(revision);
    }
  }

  private static List<Path> imagesIn(Path directory) throws IOException {
    try (Stream<Path> all = Files.list(directory)) {
      return all.filter(path -> path.toString().endsWith(".img")).toList();
    }
  }
}
