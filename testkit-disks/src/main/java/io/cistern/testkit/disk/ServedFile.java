package io.cistern.testkit.disk;

import java.nio.ByteBuffer;

/** A file of fixed size that a {@link FuseMount} serves; called on one thread at a time. */
interface ServedFile {
  /** Returns the size in bytes. */
  long size();

  /** Fills the buffer's remaining bytes with what is there, all of it within the file. */
  void read(long offset, ByteBuffer target);

  /** Writes the bytes, all of them within the file. */
  void write(long offset, byte[] bytes);

  /** Makes the bytes of a range zero, by a discard too. */
  void zero(long offset, long length);

  /** Makes durable what was written before. */
  void flush();
}
