package io.cistern.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

class DurableFilesTest {
  private static final Logger LOGGER = (Logger) LoggerFactory.getLogger(DurableFiles.class);

  @TempDir Path path;
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  private Directory directory;

  @BeforeEach
  void open() throws IOException {
    directory = Linux.create().openDirectory(path);
    log.start();
    LOGGER.addAppender(log);
    LOGGER.setLevel(Level.INFO);
  }

  @AfterEach
  void closeAndCheckForLeaks() throws IOException {
    LOGGER.detachAppender(log);
    LOGGER.setLevel(null);
    directory.close();
    assertThat(TestFiles.openBelow(path)).isEmpty();
  }

  @Test
  void eachStepLogsOneLineWithTheFullNames() throws IOException {
    try (OpenFile file = DurableFiles.make(directory, "a", 4096)) {
      DurableFiles.resize(file, 8192);
    }
    DurableFiles.link(directory, "a", "b");
    DurableFiles.replace(directory, "b", "c");
    DurableFiles.remove(directory, "a");

    assertThat(log.list.stream().map(ILoggingEvent::getFormattedMessage))
        .containsExactly(
            "created " + path + "/a with 4096 bytes",
            "resized " + path + "/a to 8192 bytes",
            "linked " + path + "/a to " + path + "/b",
            "renamed " + path + "/b to " + path + "/c",
            "removed " + path + "/a");
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 511, 65536, (1 << 20) - 1, (3 << 20) + 4097})
  void aCopyHasExactlyTheContentAndTheSize(long size) throws IOException {
    try (OpenFile source = directory.createFile("source");
        OpenFile target = directory.createFile("target")) {
      source.truncate(size);
      Random random = new Random(size);
      for (int i = 0; i < 10 && size > 0; i++) {
        long offset = random.nextLong(size);
        int length = (int) Math.min(size - offset, 1 + random.nextInt(200_000));
        source.write(TestFiles.noise(i, length), offset);
      }
      target.write(TestFiles.noise(99, 5000), 0);
      List<Long> progress = new ArrayList<>();
      DurableFiles.sparseCopy(source, target, (done, total) -> progress.add(done));

      assertThat(progress).isSorted().endsWith(size);
    }
    assertThat(Files.mismatch(path.resolve("source"), path.resolve("target"))).isEqualTo(-1);
  }

  @Test
  void aCopyKeepsHolesAndDropsZeros() throws IOException {
    try (OpenFile source = directory.createFile("source");
        OpenFile target = directory.createFile("target")) {
      source.truncate(64 << 20);
      source.write(java.nio.ByteBuffer.allocate(8 << 20), 8 << 20);
      source.write(TestFiles.noise(1, 65536), (32 << 20) + 65536);
      source.sync();
      DurableFiles.sparseCopy(source, target, CopyListener.none());
      target.sync();

      assertThat(source.status().allocated()).isGreaterThan(8 << 20);
      assertThat(target.status().allocated()).isBetween(65536L, 131072L);
      assertThat(target.size()).isEqualTo(64 << 20);
    }
    assertThat(Files.mismatch(path.resolve("source"), path.resolve("target"))).isEqualTo(-1);
  }

  @Test
  void progressIsToldAtLeastEveryMebibyteOfData() throws IOException {
    try (OpenFile source = directory.createFile("source");
        OpenFile target = directory.createFile("target")) {
      source.write(TestFiles.noise(1, 4 << 20), 12345);
      List<Long> progress = new ArrayList<>(List.of(0L));
      DurableFiles.sparseCopy(source, target, (done, total) -> progress.add(done));

      for (int i = 1; i < progress.size(); i++) {
        assertThat(progress.get(i) - progress.get(i - 1)).isBetween(0L, 1L << 20);
      }
    }
  }

  @Test
  void aSourceThatShrinksMeanwhileIsAnError() throws IOException {
    try (OpenFile source = directory.createFile("source")) {
      source.write(TestFiles.noise(1, 3 << 20), 0);
      CopyListener shrinking =
          (done, total) -> {
            try {
              source.truncate(1 << 20);
            } catch (IOException e) {
              throw new AssertionError(e);
            }
          };
      try (OpenFile target = directory.createFile("target")) {
        assertThatThrownBy(() -> DurableFiles.sparseCopy(source, target, shrinking))
            .isInstanceOf(LengthMismatchException.class);
      }
    }
  }

  @Test
  void whatTheListenerThrowsStopsTheCopyAndLeavesNothing() throws IOException {
    try (OpenFile source = directory.createFile("source")) {
      source.write(TestFiles.noise(1, 3 << 20), 0);
      CancellationException cancelled = new CancellationException();
      CopyListener listener =
          (done, total) -> {
            throw cancelled;
          };
      assertThatThrownBy(
              () ->
                  DurableFiles.cloneOrCopy(
                      source, directory, "target", listener, CloneExpectation.COPY_WILL_DO))
          .isSameAs(cancelled);
    }
    assertThat(directory.list()).containsExactly("source");
    assertThat(log.list).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {18, 22, 25, 38, 95})
  void anErrorThatMeansThatThereIsNoCloneLeadsToACopyWithAWarning(int errno) throws IOException {
    cloneFailing(Errno.of(errno), CloneExpectation.EXPECT_CLONE);

    assertThat(Files.mismatch(path.resolve("source"), path.resolve("target"))).isEqualTo(-1);
    assertThat(log.list)
        .extracting(ILoggingEvent::getLevel)
        .containsExactly(Level.WARN, Level.INFO);
    assertThat(log.list.get(0).getFormattedMessage()).contains(Errno.of(errno).name());
  }

  @Test
  void aCopyThatWillDoIsNotWarnedAbout() throws IOException {
    cloneFailing(Errno.EOPNOTSUPP, CloneExpectation.COPY_WILL_DO);

    assertThat(log.list).extracting(ILoggingEvent::getLevel).containsExactly(Level.INFO);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 5, 12, 26, 28, 30, 122})
  void anyOtherErrorOfACloneIsAFailureAndLeavesNothing(int errno) throws IOException {
    assertThatThrownBy(() -> cloneFailing(Errno.of(errno), CloneExpectation.COPY_WILL_DO))
        .isInstanceOf(SystemCallException.class)
        .hasMessageContaining(path + "/target from " + path + "/source: " + Errno.of(errno));
    assertThat(directory.list()).containsExactly("source");
    assertThat(log.list).isEmpty();
  }

  private void cloneFailing(Errno errno, CloneExpectation expectation) throws IOException {
    Files.write(path.resolve("source"), TestFiles.noise(1, 100_000).array());
    Linux linux = Linux.create(TestSeam.failing("ioctl(FICLONE)", errno));
    try (Directory same = linux.openDirectory(path);
        OpenFile source = same.openFile("source", Access.READ)) {
      DurableFiles.cloneOrCopy(source, same, "target", CopyListener.none(), expectation).close();
    }
  }

  @Test
  void makingAFileThatExistsLeavesItAlone() throws IOException {
    Files.writeString(path.resolve("a"), "A");

    assertThatThrownBy(() -> DurableFiles.make(directory, "a", 1))
        .isInstanceOf(SystemCallException.class)
        .hasMessageContaining("EEXIST");
    assertThat(path.resolve("a")).hasContent("A");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 65536, (2 << 20) + 333})
  void aFillTakesExactlyTheSize(int size) throws IOException {
    byte[] content = TestFiles.noise(size, size).array();
    try (OpenFile target = directory.createFile("target")) {
      DurableFiles.fill(target, channel(content), size, CopyListener.none());
    }

    assertThat(path.resolve("target")).hasBinaryContent(content);
  }

  @Test
  void aFillSkipsZeros() throws IOException {
    try (OpenFile target = directory.createFile("target")) {
      DurableFiles.fill(target, channel(new byte[8 << 20]), 8 << 20, CopyListener.none());
      target.sync();

      assertThat(target.size()).isEqualTo(8 << 20);
      assertThat(target.status().allocated()).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource(Length.class)
  void aChannelOfAnotherLengthIsRefusedWithBothFigures(Length length) throws IOException {
    try (OpenFile target = directory.createFile("target")) {
      assertThatThrownBy(
              () ->
                  DurableFiles.fill(
                      target, channel(new byte[length.bytes]), 1 << 20, CopyListener.none()))
          .isInstanceOfSatisfying(
              LengthMismatchException.class,
              e -> {
                assertThat(e.expected()).isEqualTo(1 << 20);
                assertThat(e.got()).isEqualTo(length.told);
              });
    }
  }

  private enum Length {
    EMPTY(0, 0),
    SHORT((1 << 20) - 1, (1 << 20) - 1),
    LONG((1 << 20) + 5000, (1 << 20) + 1);

    final int bytes;
    final long told;

    Length(int bytes, long told) {
      this.bytes = bytes;
      this.told = told;
    }
  }

  private static ReadableByteChannel channel(byte[] content) {
    return Channels.newChannel(new ByteArrayInputStream(content));
  }
}
