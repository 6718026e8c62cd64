package io.cistern.driver.reflink;

import static org.assertj.core.api.Assertions.assertThat;

import io.cistern.directory.testing.FileSystemUnderTest;
import io.cistern.storage.Revision;
import io.cistern.storage.Volume;
import io.cistern.storage.spi.Step;
import io.cistern.storage.spi.StepProbe;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("A revision that is removed while somebody reads it")
class HeldRevisionIT {
  private static final long SIZE = 1 << 16;

  /** There is room for no new file, so that an image has to keep the next number. */
  private static final class NoNewFile implements StepProbe {
    @Override
    public Optional<String> before(Step step) {
      boolean isCounter = step.detail().contains(".next-") && step.name().contains("O_CREAT");
      return isCounter ? Optional.of("ENOSPC") : Optional.empty();
    }
  }

  @ParameterizedTest
  @EnumSource(FileSystemUnderTest.class)
  void keepsItsContentForTheReaderAndIsEmptiedAfterwards(FileSystemUnderTest fileSystem)
      throws Exception {
    try (Disks disks = Disks.on(fileSystem, new NoNewFile())) {
      Volume root = disks.origin("vm", "root", SIZE);
      Disks.commit(root, "one");
      Disks.commit(root, "two");
      List<Revision> revisions = Disks.get(root.revisions());
      Path image = revision(disks);
      try (FileChannel reader = FileChannel.open(image)) {
        Disks.get(root.removeRevision(revisions.get(revisions.size() - 1).id()));
        assertThat(image).doesNotExist();
        assertThat(read(reader)).isEqualTo("one");
      }
      assertThat(Disks.get(root.revisions())).isEmpty();

      Disks.start(root);
      Disks.stop(root);

      assertThat(Disks.get(root.revisions()).get(0).id().number())
          .isEqualTo(revisions.get(0).id().number() + 1);
      assertThat(files(disks, ".next-")).allMatch(file -> file.toFile().length() == 0);
    }
  }

  private static String read(FileChannel reader) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(3);
    reader.read(buffer, 0);
    return new String(buffer.array(), StandardCharsets.UTF_8);
  }

  private static Path revision(Disks disks) throws IOException {
    return files(disks, "root.img.").get(0);
  }

  private static List<Path> files(Disks disks, String part) throws IOException {
    try (Stream<Path> files = Files.list(disks.directory().resolve("vm"))) {
      return files.filter(file -> file.getFileName().toString().contains(part)).sorted().toList();
    }
  }
}
