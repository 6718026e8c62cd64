package io.cistern.driver.lvmthin;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Base64;
import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The metadata of a volume group as they are on its physical volumes, read without a command.
 *
 * <p>Each commit of LVM writes a text, and the sector in which a physical volume says where its
 * newest text is, with its checksum ({@code struct mda_header} of {@code lib/format_text/layout.h}
 * of LVM). LVM writes past the page cache, which drops what it has of it then.
 *
 * <p>Without any of this there are more reports, and nothing is wrong: so a failure to read is no
 * failure.
 */
final class GroupMetadata {
  /** Where the sector is unless somebody has taken pains to have it elsewhere. */
  private static final long OFFSET = 4096;

  private static final int SECTOR = 512;
  private static final int MAGIC_AT = 4;
  private static final byte[] MAGIC = " LVM2 x[5A%r0N*>".getBytes(StandardCharsets.US_ASCII);
  private static final int AREA_SIZE_AT = 32;
  private static final int TEXT_OFFSET_AT = 40;
  private static final int TEXT_SIZE_AT = 48;
  private static final int LARGEST_TEXT = 64 << 20;

  private static final Pattern SEQUENCE = Pattern.compile("\\bseqno = (\\d{1,18})\\b");

  private GroupMetadata() {}

  /**
   * Returns a text that is another one after each commit, whoever made it; empty if one of the
   * physical volumes has no such sector that can be read.
   */
  static Optional<String> stamp(Collection<Path> physicalVolumes) {
    StringBuilder stamp = new StringBuilder();
    for (Path physicalVolume : physicalVolumes) {
      try (FileChannel channel = FileChannel.open(physicalVolume, StandardOpenOption.READ)) {
        Optional<ByteBuffer> sector = sector(channel);
        if (sector.isEmpty()) {
          return Optional.empty();
        }
        stamp.append(Base64.getEncoder().encodeToString(sector.get().array()));
      } catch (IOException | UnsupportedOperationException e) {
        return Optional.empty();
      }
    }
    return stamp.isEmpty() ? Optional.empty() : Optional.of(stamp.toString());
  }

  /**
   * Returns the text, which {@link MetadataText} reads; empty if it can't be read. Some physical
   * volumes may have an older one: the disk lost the newest, or it is not to keep them any more.
   */
  static Optional<String> text(Collection<Path> physicalVolumes) {
    return physicalVolumes.stream()
        .flatMap(physicalVolume -> text(physicalVolume).stream())
        .max(Comparator.comparingLong(GroupMetadata::sequence));
  }

  private static Optional<String> text(Path physicalVolume) {
    try (FileChannel channel = FileChannel.open(physicalVolume, StandardOpenOption.READ)) {
      return text(channel);
    } catch (IOException | UnsupportedOperationException e) {
      // Another one may have it.
      return Optional.empty();
    }
  }

  /** Each commit has a higher one; that of the group comes before anything else's. */
  private static long sequence(String text) {
    Matcher matcher = SEQUENCE.matcher(text);
    return matcher.find() ? Long.parseLong(matcher.group(1)) : -1;
  }

  private static Optional<ByteBuffer> sector(FileChannel channel) throws IOException {
    ByteBuffer sector = ByteBuffer.allocate(SECTOR);
    read(channel, sector, OFFSET);
    boolean isOne =
        !sector.hasRemaining()
            && sector.slice(MAGIC_AT, MAGIC.length).equals(ByteBuffer.wrap(MAGIC));
    return isOne ? Optional.of(sector.order(ByteOrder.LITTLE_ENDIAN)) : Optional.empty();
  }

  private static void read(FileChannel channel, ByteBuffer into, long from) throws IOException {
    int begin = into.position();
    while (into.hasRemaining() && channel.read(into, from + into.position() - begin) > 0) {
      // A channel may give less than was asked for.
    }
  }

  /** The area is used around and around, but for the sector at its beginning. */
  private static Optional<String> text(FileChannel channel) throws IOException {
    Optional<ByteBuffer> sector = sector(channel);
    if (sector.isEmpty()) {
      return Optional.empty();
    }
    long area = sector.get().getLong(AREA_SIZE_AT);
    long offset = sector.get().getLong(TEXT_OFFSET_AT);
    long size = sector.get().getLong(TEXT_SIZE_AT);
    if (size <= 0 || size > LARGEST_TEXT || offset < SECTOR || offset >= area) {
      return Optional.empty();
    }
    ByteBuffer text = ByteBuffer.allocate((int) size);
    text.limit((int) Math.min(size, area - offset));
    read(channel, text, OFFSET + offset);
    text.limit((int) size);
    read(channel, text, OFFSET + SECTOR);
    return text.hasRemaining()
        ? Optional.empty()
        : Optional.of(new String(text.array(), StandardCharsets.UTF_8));
  }
}
