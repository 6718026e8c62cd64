package io.cistern.driver.file;

import io.cistern.driver.file.Recorded.Form;
import io.cistern.driver.file.Recorded.KeptRevision;
import io.cistern.driver.file.Recorded.Pending;
import io.cistern.linux.Undo;
import io.cistern.storage.RevisionId;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/** Makes the next image, which is synced and has its name, the base of the volume. */
final class Replacement {
  private final Layers layers;

  Replacement(Layers layers) {
    this.layers = layers;
  }

  /**
   * Makes the switch. What follows from it is the settlement's to do.
   *
   * @param size that of the next image
   * @param keep whether the old base becomes the revision, if there is one
   */
  void replace(VolumeDirectory directory, long size, boolean keep, Instant now) throws IOException {
    layers.locked(
        () -> {
          try (Undo undo = new Undo()) {
            undo.push(() -> directory.remove(layers.names().next()));
            Recorded before = layers.recorded(directory);
            OptionalLong old = layers.committedSize(directory);
            boolean isKept = keep && directory.has(layers.names().base()) && old.isPresent();
            Recorded switched =
                isKept
                    ? before.switched(
                        size,
                        Pending.REPLACE_AND_KEEP,
                        Optional.of(
                            new KeptRevision(
                                new RevisionId(before.nextRevision()),
                                now,
                                old.getAsLong(),
                                Form.WHOLE)))
                    : before.switched(size, Pending.REPLACE, Optional.empty());
            layers.state().write(directory, switched, layers.state().read(directory));
            undo.disarm();
          }
        });
  }
}
