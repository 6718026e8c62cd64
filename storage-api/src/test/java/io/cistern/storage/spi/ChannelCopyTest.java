package io.cistern.storage.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cistern.storage.StorageException.Code;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChannelCopyTest {
  private static final int MIB = 1 << 20;
  private static final int BLOCK = 1 << 16;
  private static final long SEED = 4;

  @TempDir Path directory;
  private Path target;
  private final List<Long> progress = new ArrayList<>();

  @BeforeEach
  void makeTarget() throws IOException {
    target = Files.createFile(directory.resolve("target"));
  }

  @ParameterizedTest
  @ValueSource(
      ints = {1, 511, 513, BLOCK - 1, BLOCK, BLOCK + 1, MIB - 1, MIB, MIB + 1, 3 * MIB + 7})
  void exactlyTheBytesOfAnySizeArriveWhateverPiecesTheChannelGives(int size) throws IOException {
    byte[] bytes = random(size);

    copy(new Pieces(bytes, 70_001), size);

    assertThat(target).hasBinaryContent(bytes);
    assertThat(progress).isSorted().endsWith((long) size);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, BLOCK, MIB, MIB + 5})
  void fewerBytesAreRefusedNamingBothFigures(int given) {
    long size = MIB + 6;

    assertThatExceptionOfType(DriverException.class)
        .isThrownBy(() -> copy(channel(random(given)), size))
        .matches(e -> e.code() == Code.INVALID_ARGUMENT)
        .withMessageContaining("exactly " + size + " bytes")
        .withMessageContaining("ended after " + given);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, BLOCK, MIB})
  void moreBytesAreRefusedNamingTheFigure(int size) {
    assertThatExceptionOfType(DriverException.class)
        .isThrownBy(() -> copy(channel(random(size + 1)), size))
        .matches(e -> e.code() == Code.INVALID_ARGUMENT)
        .withMessageContaining("went on after " + size);
  }

  @Test
  void zerosAreNotWrittenButDataAroundThemIs() throws IOException {
    byte[] bytes = new byte[4 * BLOCK];
    bytes[BLOCK] = 1;
    Files.write(target, filled(4 * BLOCK));

    copy(channel(bytes), bytes.length);

    byte[] written = filled(4 * BLOCK);
    System.arraycopy(bytes, BLOCK, written, BLOCK, BLOCK);
    assertThat(target).hasBinaryContent(written);
  }

  @Test
  void aFailingSourceEndsTheCopy() {
    ReadableByteChannel broken =
        new Pieces(random(MIB), MIB) {
          @Override
          public int read(ByteBuffer target) throws IOException {
            throw new IOException("the network is gone");
          }
        };

    assertThatThrownBy(() -> copy(broken, MIB)).hasMessage("the network is gone");
  }

  @Test
  void aCancelledCopyEndsAfterAMebibyte() {
    Pieces source = new Pieces(random(4 * MIB), MIB);

    assertThatThrownBy(
            () ->
                ChannelCopy.copy(
                    source,
                    target,
                    4 * MIB,
                    (done, total) -> {
                      throw new CancellationException();
                    }))
        .isInstanceOf(CancellationException.class);
    assertThat(source.given).isEqualTo(MIB);
  }

  private void copy(ReadableByteChannel source, long size) throws IOException {
    ChannelCopy.copy(
        source,
        target,
        size,
        (done, total) -> {
          assertThat(total).isEqualTo(size);
          progress.add(done);
        });
  }

  private static ReadableByteChannel channel(byte[] bytes) {
    return Channels.newChannel(new ByteArrayInputStream(bytes));
  }

  private static byte[] filled(int size) {
    byte[] bytes = new byte[size];
    Arrays.fill(bytes, (byte) 7);
    return bytes;
  }

  private static byte[] random(int size) {
    byte[] bytes = new byte[size];
    new java.util.Random(SEED).nextBytes(bytes);
    if (size > 0) {
      bytes[size - 1] = 1;
    }
    return bytes;
  }

  /** Gives its bytes in pieces of at most some size, and nothing at all now and then. */
  private static class Pieces implements ReadableByteChannel {
    private final ByteBuffer bytes;
    private final int most;
    private int calls;
    int given;

    Pieces(byte[] bytes, int most) {
      this.bytes = ByteBuffer.wrap(bytes);
      this.most = most;
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
      if (!bytes.hasRemaining()) {
        return -1;
      }
      if (calls++ % 5 == 4) {
        return 0;
      }
      int piece = Math.min(Math.min(most, target.remaining()), bytes.remaining());
      target.put(bytes.slice().limit(piece));
      bytes.position(bytes.position() + piece);
      given += piece;
      return piece;
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {}
  }
}
