package io.cistern.linux;

import java.io.IOException;
import java.nio.channels.ReadableByteChannel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The steps that durable protocols are made of. Each either does all that it says or leaves nothing
 * behind, and each that changes a name or a size logs one line at INFO with the full names, so that
 * the log tells how a directory came to be what it is.
 *
 * <p>None of them syncs: when content and names have to be durable is the protocol's to decide.
 */
public final class DurableFiles {
  private static final Logger log = LoggerFactory.getLogger(DurableFiles.class);

  private DurableFiles() {}

  /**
   * Makes a file that reads as zeros.
   *
   * @throws SystemCallException with EEXIST if the name exists; nothing is left behind
   */
  public static OpenFile make(Directory directory, String name, long size) throws IOException {
    return create(
        directory,
        name,
        file -> {
          file.truncate(size);
          log.info("created {} with {} bytes", file, size);
        });
  }

  /**
   * Makes a file with the content of another one: a clone that shares its blocks where the file
   * system can do that (ioctl_ficlone(2)), else a {@link #sparseCopy}. Only an error that says that
   * these two cannot share blocks leads to a copy; a full disk or an I/O error is a failure.
   *
   * @param expectation whether a copy is worth a warning
   * @throws LengthMismatchException if a source that is copied shrinks meanwhile
   * @throws SystemCallException if it fails; nothing is left behind
   */
  public static OpenFile cloneOrCopy(
      OpenFile source,
      Directory directory,
      String name,
      CopyListener listener,
      CloneExpectation expectation)
      throws IOException {
    return create(
        directory,
        name,
        file -> {
          if (isCloned(source, file, expectation)) {
            long size = file.size();
            listener.copied(size, size);
            log.info("cloned {} to {}", source, file);
          } else {
            sparseCopy(source, file, listener);
            log.info("copied {} to {}", source, file);
          }
        });
  }

  private static boolean isCloned(OpenFile source, OpenFile target, CloneExpectation expectation)
      throws IOException {
    long size = source.size();
    try {
      target.cloneFrom(source);
      checkWhole(source, target, size);
      return true;
    } catch (SystemCallException e) {
      if (!e.errno().saysCannotClone()) {
        throw e;
      }
      if (expectation == CloneExpectation.EXPECT_CLONE) {
        log.warn("cannot clone, so a copy is made: {}", e.getMessage());
      }
      return false;
    }
  }

  /**
   * XFS of kernels before 6.13 says that it has cloned a file when it has failed after a part of it
   * (xfs_file_remap_range() returned what was done, and FICLONE drops the number), for which there
   * was no room most often.
   */
  private static void checkWhole(OpenFile source, OpenFile target, long size) throws IOException {
    long cloned = target.size();
    if (cloned < size) {
      throw new IOException(
          "ioctl(FICLONE) %s from %s cloned %d of %d bytes, and does not tell why: the file system may be full, or damaged"
              .formatted(target.path(), source.path(), cloned, size));
    }
  }

  /**
   * Copies content. Holes stay holes, and blocks of zeros become holes. A target file gets exactly
   * the size of the source; a block device has to be large enough, and to read as zeros before. A
   * source that cannot tell its holes, such as a block device, is read as a whole. Logs nothing. On
   * failure the target's content is undefined.
   *
   * @throws LengthMismatchException if the source shrinks meanwhile
   */
  public static void sparseCopy(OpenFile source, OpenFile target, CopyListener listener)
      throws IOException {
    sparseCopy(source, source, target, listener);
  }

  /**
   * Copies content as {@link #sparseCopy(OpenFile, OpenFile, CopyListener)} does, where another
   * file tells the holes.
   *
   * @param map a file that has a hole only where the source reads as zeros; it may have more data
   */
  public static void sparseCopy(
      OpenFile source, OpenFile map, OpenFile target, CopyListener listener) throws IOException {
    long size = source.size();
    new SparseCopy(source, map, size, listener).into(SparseWriter.into(target, size));
  }

  /**
   * Replaces a file's content by exactly so many bytes of a blocking channel, which is not closed.
   * Blocks of zeros become holes. A target that is a block device has to read as zeros before. Logs
   * nothing. On failure the target's content is undefined.
   *
   * @throws LengthMismatchException if the channel ends before, or has more; one byte more is read
   *     to find out
   */
  public static void fill(
      OpenFile target, ReadableByteChannel source, long size, CopyListener listener)
      throws IOException {
    new ChannelFill(source, size, listener).into(SparseWriter.into(target, size));
  }

  /** Gives a file one more name; see {@link Directory#link}. */
  public static void link(Directory directory, String from, String to) throws SystemCallException {
    directory.link(from, to);
    log.info("linked {} to {}", full(directory, from), full(directory, to));
  }

  /**
   * Renames a file to a name that must be free; see renameat2(2) with RENAME_NOREPLACE.
   *
   * @throws SystemCallException with EEXIST if the name exists
   */
  public static void move(Directory directory, String from, String to) throws SystemCallException {
    directory.renameNoReplace(from, to);
    log.info("renamed {} to {}", full(directory, from), full(directory, to));
  }

  /** Renames a file over another one in one step, or to a free name; see renameat(2). */
  public static void replace(Directory directory, String from, String to)
      throws SystemCallException {
    directory.rename(from, to);
    log.info("renamed {} to {}", full(directory, from), full(directory, to));
  }

  /** Removes a file; see {@link Directory#unlink}. */
  public static void remove(Directory directory, String name) throws SystemCallException {
    directory.unlink(name);
    log.info("removed {}", full(directory, name));
  }

  /** Sets a file's size; see {@link OpenFile#truncate}. */
  public static void resize(OpenFile file, long size) throws SystemCallException {
    file.truncate(size);
    log.info("resized {} to {} bytes", file, size);
  }

  private static Object full(Directory directory, String name) {
    return directory.path().resolve(name);
  }

  /** What makes a new file's content. */
  @FunctionalInterface
  private interface Content {
    void writeInto(OpenFile file) throws IOException;
  }

  private static OpenFile create(Directory directory, String name, Content content)
      throws IOException {
    try (Undo undo = new Undo()) {
      OpenFile file = directory.createFile(name);
      undo.push(() -> directory.unlink(name));
      undo.push(file::close);
      content.writeInto(file);
      undo.disarm();
      return file;
    }
  }
}
