package io.cistern.linux;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;

/** Calls that move bytes. */
final class BufferCalls {
  private BufferCalls() {}

  static int read(Descriptor file, ByteBuffer buffer, long offset) throws SystemCallException {
    if (!buffer.hasRemaining()) {
      return 0;
    }
    if (!buffer.isDirect()) {
      ByteBuffer direct = ByteBuffer.allocateDirect(buffer.remaining());
      int count = read(file, direct, offset);
      buffer.put(direct.flip());
      return count;
    }
    int count =
        (int)
            file.transfer(
                "pread64",
                at(file, offset),
                buffer.remaining(),
                (fd, length) -> pread(fd, buffer, length, offset));
    if (count == 0) {
      return -1;
    }
    buffer.position(buffer.position() + count);
    return count;
  }

  static void write(Descriptor file, ByteBuffer buffer, long offset) throws SystemCallException {
    if (!buffer.isDirect()) {
      ByteBuffer direct = ByteBuffer.allocateDirect(buffer.remaining());
      write(file, direct.put(buffer).flip(), offset);
      return;
    }
    long position = offset;
    while (buffer.hasRemaining()) {
      long here = position;
      int count =
          (int)
              file.transfer(
                  "pwrite64",
                  at(file, here),
                  buffer.remaining(),
                  (fd, length) -> pwrite(fd, buffer, length, here));
      buffer.position(buffer.position() + count);
      position += count;
    }
  }

  /** The kernel takes the offsets by reference. */
  static long copyRange(
      Descriptor source, long sourceOffset, Descriptor target, long targetOffset, long length)
      throws SystemCallException {
    String arguments =
        at(source, sourceOffset) + " to " + at(target, targetOffset) + " for " + length;
    try (Memory from = new Memory(Long.BYTES);
        Memory to = new Memory(Long.BYTES)) {
      from.setLong(0, sourceOffset);
      to.setLong(0, targetOffset);
      return target.lend(
          out ->
              source.transfer(
                  "copy_file_range",
                  arguments,
                  length,
                  (in, allowed) -> NewerLibC.copy_file_range(in, from, out, to, allowed, 0)));
    }
  }

  private static long pread(int fd, ByteBuffer buffer, long length, long offset) {
    try {
      return LibC.pread(fd, address(buffer), length, offset);
    } finally {
      Reference.reachabilityFence(buffer);
    }
  }

  private static long pwrite(int fd, ByteBuffer buffer, long length, long offset) {
    try {
      return LibC.pwrite(fd, address(buffer), length, offset);
    } finally {
      Reference.reachabilityFence(buffer);
    }
  }

  private static Pointer address(ByteBuffer buffer) {
    return Native.getDirectBufferPointer(buffer).share(buffer.position());
  }

  private static String at(Descriptor file, long offset) {
    return file.path() + " at " + offset;
  }
}
