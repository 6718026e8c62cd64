package io.cistern.testkit.disk;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SparseImageTest {
  private static final int SIZE = 16 * SparseImage.BLOCK;

  private static byte[] bytes(int length, int value) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) value);
    return bytes;
  }

  private static byte[] all(SparseImage image) {
    ByteBuffer buffer = ByteBuffer.allocate(SIZE);
    image.read(0, buffer);
    return buffer.array();
  }

  @Test
  void holdsWhatAnArrayWouldInAnyLayers() {
    Random random = new Random(20240229);
    byte[] expected = new byte[SIZE];
    SparseImage image = SparseImage.zero(SIZE);
    for (int i = 0; i < 500; i++) {
      int offset = random.nextInt(SIZE);
      int length = random.nextInt(Math.min(3 * SparseImage.BLOCK, SIZE - offset) + 1);
      if (random.nextInt(4) == 0) {
        Arrays.fill(expected, offset, offset + length, (byte) 0);
        image.zero(offset, length);
      } else {
        byte[] written = new byte[length];
        random.nextBytes(written);
        System.arraycopy(written, 0, expected, offset, length);
        image.write(offset, written);
      }
      assertThat(all(image)).isEqualTo(expected);
      if (random.nextInt(50) == 0) {
        image = image.above();
      }
    }
  }

  @Test
  void leavesTheImageBelowAsItIs() {
    SparseImage below = SparseImage.zero(SIZE);
    below.write(0, bytes(SIZE, 1));
    SparseImage above = below.above();
    above.write(100, bytes(5000, 2));
    above.zero(3 * SparseImage.BLOCK, SparseImage.BLOCK);

    assertThat(all(below)).isEqualTo(bytes(SIZE, 1));
  }

  @Test
  void differsByWhatItHoldsAndNotByHowItCameToThat() {
    SparseImage below = SparseImage.zero(SIZE);
    below.write(0, bytes(SparseImage.BLOCK, 1));
    SparseImage one = below.above();
    SparseImage other = below.above();
    one.write(SparseImage.BLOCK, bytes(2 * SparseImage.BLOCK, 3));
    other.write(0, bytes(3 * SparseImage.BLOCK, 3));
    assertThat(one.difference()).isNotEqualTo(other.difference());

    other.write(0, bytes(SparseImage.BLOCK, 1));
    assertThat(one.difference()).isEqualTo(other.difference());
    other.zero(SparseImage.BLOCK, SIZE - SparseImage.BLOCK);
    assertThat(other.difference()).isEmpty();
  }
}
