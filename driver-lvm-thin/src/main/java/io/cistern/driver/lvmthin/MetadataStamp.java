package io.cistern.driver.lvmthin;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Base64;
import java.util.Collection;
import java.util.Optional;

/**
 * Tells whether the metadata of a volume group have changed, by whomsoever, without a command: each
 * commit of LVM writes the sector in which a physical volume says where its newest metadata are,
 * and their checksum ({@code struct mda_header} of {@code lib/format_text/layout.h} of LVM). That
 * sector is compared as it is, and not interpreted.
 *
 * <p>LVM writes it past the page cache, which drops what it has of it then.
 */
final class MetadataStamp {
  /** Where it is unless somebody has taken pains to have it elsewhere; then there is no stamp. */
  private static final long OFFSET = 4096;

  private static final int BYTES = 512;
  private static final int MAGIC_AT = 4;
  private static final byte[] MAGIC = " LVM2 x[5A%r0N*>".getBytes(StandardCharsets.US_ASCII);

  private MetadataStamp() {}

  /** Returns the stamp; empty if none of the physical volumes has one that can be read. */
  static Optional<String> of(Collection<Path> physicalVolumes) {
    StringBuilder stamp = new StringBuilder();
    for (Path physicalVolume : physicalVolumes) {
      Optional<String> part = part(physicalVolume);
      if (part.isEmpty()) {
        return Optional.empty();
      }
      stamp.append(part.get());
    }
    return stamp.isEmpty() ? Optional.empty() : Optional.of(stamp.toString());
  }

  /** Without it there are more reports, and nothing is wrong: so a failure is no failure. */
  private static Optional<String> part(Path physicalVolume) {
    try (FileChannel channel = FileChannel.open(physicalVolume, StandardOpenOption.READ)) {
      ByteBuffer sector = ByteBuffer.allocate(BYTES);
      while (sector.hasRemaining() && channel.read(sector, OFFSET + sector.position()) > 0) {
        // A channel may give less than was asked for.
      }
      ByteBuffer magic = ByteBuffer.wrap(MAGIC);
      if (sector.hasRemaining() || !sector.slice(MAGIC_AT, MAGIC.length).equals(magic)) {
        return Optional.empty();
      }
      return Optional.of(Base64.getEncoder().encodeToString(sector.array()));
    } catch (IOException | UnsupportedOperationException e) {
      return Optional.empty();
    }
  }
}
