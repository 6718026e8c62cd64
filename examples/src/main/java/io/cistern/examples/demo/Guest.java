package io.cistern.examples.demo;

import io.cistern.examples.guest.Ext4;
import io.cistern.storage.RevisionId;
import io.cistern.storage.Volume;
import io.cistern.storage.VolumeExport;
import java.io.IOException;
import java.util.Optional;

/** What a guest does on a volume: this goes to the image that a VM would have attached. */
final class Guest {
  private Guest() {}

  /** Formats a started volume. */
  static void format(Volume volume, String label) throws IOException {
    Ext4.make(volume.blockDevice().join().path(), label);
  }

  /** Writes a text file on a started volume. */
  static void write(Volume volume, String path, String text) throws IOException {
    new Ext4(volume.blockDevice().join().path()).write(path, text);
  }

  /** Reads a text file of a started volume. */
  static Optional<String> read(Volume volume, String path) throws IOException {
    return new Ext4(volume.blockDevice().join().path()).read(path);
  }

  /** Reads a text file of a volume's committed content. */
  static Optional<String> readCommitted(Volume volume, String path) throws IOException {
    try (VolumeExport export = volume.export().join()) {
      return new Ext4(export.path()).read(path);
    }
  }

  /** Reads a text file of a revision. */
  static Optional<String> readRevision(Volume volume, RevisionId id, String path)
      throws IOException {
    try (VolumeExport export = volume.export(id).join()) {
      return new Ext4(export.path()).read(path);
    }
  }
}
