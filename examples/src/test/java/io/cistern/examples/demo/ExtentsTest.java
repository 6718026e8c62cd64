package io.cistern.examples.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ExtentsTest {
  /** Recorded from filefrag 1.47.0 on btrfs: an image, its clone, and a file kept in metadata. */
  private static final String RECORDED =
      """
      Filesystem type is: 9123683e
      File size of /pool/a.img is 100663296 (24576 blocks of 4096 bytes)
       ext:     logical_offset:        physical_offset: length:   expected: flags:
         0:        0..       0:     106574..    106574:      1:
         1:        1..      65:     136242..    136306:     65:     106575: shared
         2:    24560..   24575:     106544..    106559:     16:     112701: last,unwritten,shared,eof
      /pool/a.img: 3 extents found
      File size of /pool/b.img is 100663296 (24576 blocks of 4096 bytes)
       ext:     logical_offset:        physical_offset: length:   expected: flags:
         0:        0..       0:     106582..    106582:      1:
         1:        1..      63:     136242..    136304:     63:     106583: shared
         2:       64..      65:     106576..    106577:      2:     136305:
         3:    24560..   24575:     106544..    106559:     16:     112701: last,unwritten,shared,eof
      /pool/b.img: 4 extents found
      File size of /pool/small is 3 (1 block of 4096 bytes)
       ext:     logical_offset:        physical_offset: length:   expected: flags:
         0:        0..    4095:          0..      4095:   4096:             last,not_aligned,inline,eof
      /pool/small: 1 extent found
      """;

  private final Extents extents = Extents.parse(RECORDED);

  @Test
  void whatNoOtherFileSharesIsAddedUp() {
    assertThat(extents.unshared(Path.of("/pool/a.img"))).hasValue(4096L);
    assertThat(extents.unshared(Path.of("/pool/b.img"))).hasValue(3 * 4096L);
  }

  @Test
  void aFileKeptInMetadataHasNoBlocks() {
    assertThat(extents.unshared(Path.of("/pool/small"))).hasValue(0L);
  }

  @Test
  void aFileThatTellsNothingIsUnknown() {
    assertThat(extents.unshared(Path.of("/pool/other"))).isEmpty();
  }

  @Test
  void aBlockOfSeveralFilesIsCountedOnce() {
    assertThat(extents.unique()).isEqualTo((1 + 65 + 16 + 1 + 2) * 4096L);
  }
}
