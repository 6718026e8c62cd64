package io.cistern.testkit.disk;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Answers the requests of {@code linux/fuse.h}, of which it has as many as a loop device makes. The
 * file can't be cached, so that each read and write of a loop device comes here.
 */
final class FuseRequests {
  /** The most that one write has. */
  private static final int MOST_WRITTEN = 1 << 20;

  /** The most that a request or a reply has. */
  static final int MOST_BYTES = MOST_WRITTEN + 4096;

  private static final int LOOKUP = 1;
  private static final int FORGET = 2;
  private static final int GETATTR = 3;
  private static final int OPEN = 14;
  private static final int READ = 15;
  private static final int WRITE = 16;
  private static final int STATFS = 17;
  private static final int RELEASE = 18;
  private static final int FSYNC = 20;
  private static final int FLUSH = 25;
  private static final int INIT = 26;
  private static final int OPENDIR = 27;
  private static final int READDIR = 28;
  private static final int RELEASEDIR = 29;
  private static final int INTERRUPT = 36;
  private static final int DESTROY = 38;
  private static final int BATCH_FORGET = 42;
  private static final int FALLOCATE = 43;

  private static final int MAJOR = 7;
  private static final int MINOR = 31;
  private static final int BIG_WRITES = 1 << 5;
  private static final int MAX_PAGES = 1 << 22;
  private static final int FOPEN_DIRECT_IO = 1;

  private static final int PUNCH_HOLE = 2;
  private static final int ZERO_RANGE = 0x10;

  /** Of {@code struct fuse_in_header}, after which the arguments come. */
  private static final int HEADER = 40;

  /** Of {@code struct fuse_out_header}. */
  private static final int REPLY_HEADER = 16;

  private static final long ROOT = 1;
  private static final int DIRECTORY_MODE = 0040700;
  private static final int FILE_MODE = 0100600;
  private static final int NO_REPLY = Integer.MIN_VALUE;
  private static final int PAGE = 4096;
  private static final int SECTOR = 512;

  /**
   * Its number is another one for each file: what is still asked of an earlier one is not for it.
   */
  private record Node(long number, ServedFile file) {
    String name() {
      return "disk-" + (number - ROOT);
    }
  }

  private volatile @Nullable Node node;

  /** Serves this file from now on, and returns its name. */
  synchronized String serve(ServedFile file) {
    Node before = node;
    Node now = new Node(before == null ? ROOT + 1 : before.number + 1, file);
    node = now;
    return now.name();
  }

  /** Returns false for a request that has no reply. */
  boolean answer(ByteBuffer request, ByteBuffer reply) {
    reply.clear().position(REPLY_HEADER);
    int error = answered(request, reply);
    if (error == NO_REPLY) {
      return false;
    }
    if (error != 0) {
      reply.position(REPLY_HEADER);
    }
    reply.flip();
    reply.putInt(0, reply.limit()).putInt(4, -error).putLong(8, request.getLong(8));
    return true;
  }

  private int answered(ByteBuffer request, ByteBuffer reply) {
    return switch (request.getInt(4)) {
      case INIT -> {
        init(request, reply);
        yield 0;
      }
      case OPEN, OPENDIR -> {
        reply.putLong(0).putInt(FOPEN_DIRECT_IO).putInt(0);
        yield 0;
      }
      case STATFS -> {
        zeros(reply, 80);
        yield 0;
      }
      case LOOKUP -> lookUp(request, reply);
      case GETATTR -> attributes(request, reply);
      case READDIR, RELEASE, RELEASEDIR, FLUSH, DESTROY -> 0;
      case FORGET, BATCH_FORGET, INTERRUPT -> NO_REPLY;
      case READ, WRITE, FSYNC, FALLOCATE -> served(request, reply);
      default -> FuseCalls.ENOSYS;
    };
  }

  private int served(ByteBuffer request, ByteBuffer reply) {
    Node asked = node;
    if (asked == null || request.getLong(16) != asked.number) {
      return FuseCalls.ESTALE;
    }
    ServedFile served = asked.file;
    return switch (request.getInt(4)) {
      case READ -> read(served, request, reply);
      case WRITE -> write(served, request, reply);
      case FALLOCATE -> zero(served, request);
      default -> {
        served.flush();
        yield 0;
      }
    };
  }

  /** {@code struct fuse_init_in} and {@code struct fuse_init_out}. */
  private static void init(ByteBuffer request, ByteBuffer reply) {
    reply.putInt(MAJOR).putInt(MINOR).putInt(request.getInt(HEADER + 8));
    reply.putInt(request.getInt(HEADER + 12) & (BIG_WRITES | MAX_PAGES));
    reply.putShort((short) 16).putShort((short) 12).putInt(MOST_WRITTEN).putInt(1);
    reply.putShort((short) (MOST_WRITTEN / PAGE)).putShort((short) 0);
    zeros(reply, 32);
  }

  /** The name ends with a zero. {@code struct fuse_entry_out}. */
  private int lookUp(ByteBuffer request, ByteBuffer reply) {
    byte[] name = new byte[request.limit() - HEADER - 1];
    request.position(HEADER).get(name);
    Node named = node;
    if (named == null || !named.name().equals(new String(name, StandardCharsets.UTF_8))) {
      return FuseCalls.ENOENT;
    }
    zeros(reply.putLong(named.number), 32);
    attribute(reply, named.number, FILE_MODE, named.file.size());
    return 0;
  }

  /** {@code struct fuse_attr_out}. */
  private int attributes(ByteBuffer request, ByteBuffer reply) {
    long asked = request.getLong(16);
    Node current = node;
    zeros(reply, 16);
    if (asked == ROOT) {
      attribute(reply, ROOT, DIRECTORY_MODE, 0);
      return 0;
    }
    if (current == null || asked != current.number) {
      return FuseCalls.ESTALE;
    }
    attribute(reply, asked, FILE_MODE, current.file.size());
    return 0;
  }

  /** {@code struct fuse_attr}. */
  private static void attribute(ByteBuffer reply, long inode, int mode, long size) {
    zeros(reply.putLong(inode).putLong(size).putLong(size / SECTOR), 36);
    zeros(reply.putInt(mode).putInt(1), 12);
    reply.putInt(PAGE).putInt(0);
  }

  private static int read(ServedFile served, ByteBuffer request, ByteBuffer reply) {
    long offset = request.getLong(HEADER + 8);
    long length = Math.min(request.getInt(HEADER + 16), Math.max(0, served.size() - offset));
    reply.limit(reply.position() + (int) length);
    served.read(offset, reply);
    return 0;
  }

  /** {@code struct fuse_write_in}, and {@code struct fuse_write_out}. */
  private static int write(ServedFile served, ByteBuffer request, ByteBuffer reply) {
    long offset = request.getLong(HEADER + 8);
    byte[] bytes = new byte[request.getInt(HEADER + 16)];
    if (offset + bytes.length > served.size()) {
      return FuseCalls.EIO;
    }
    request.position(HEADER + 40).get(bytes);
    served.write(offset, bytes);
    reply.putInt(bytes.length).putInt(0);
    return 0;
  }

  /** What a loop device makes of a discard, and of a request to write zeros. */
  private static int zero(ServedFile served, ByteBuffer request) {
    long offset = request.getLong(HEADER + 8);
    long length = request.getLong(HEADER + 16);
    int mode = request.getInt(HEADER + 24);
    if ((mode & (PUNCH_HOLE | ZERO_RANGE)) == 0 || offset + length > served.size()) {
      return FuseCalls.EOPNOTSUPP;
    }
    served.zero(offset, length);
    return 0;
  }

  private static void zeros(ByteBuffer reply, int count) {
    reply.put(new byte[count]);
  }
}
