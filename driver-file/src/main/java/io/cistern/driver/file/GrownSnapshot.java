package io.cistern.driver.file;

import io.cistern.linux.Access;
import io.cistern.linux.DeviceMapper;
import io.cistern.linux.DeviceTarget;
import io.cistern.linux.FileStatus;
import io.cistern.linux.MappedDevice;
import io.cistern.linux.Undo;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.spi.DriverException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets a started snapshot grow: a device of the same size as the snapshot has to be below it, so
 * zeros are added behind the committed content that it was made from.
 *
 * <p>The kernel reads a store's entries when a table is loaded, so the snapshot is suspended before
 * that: what is written until then is in the entries, and afterwards nothing is.
 */
final class GrownSnapshot {
  private static final Logger log = LoggerFactory.getLogger(GrownSnapshot.class);

  /** Whoever looks at every device for a moment is gone by then. */
  private static final Duration A_MOMENT = Duration.ofMillis(500);

  private final DeviceMapper mapper;
  private final DeviceNames names;

  GrownSnapshot(DeviceMapper mapper, DeviceNames names) {
    this.mapper = mapper;
    this.names = names;
  }

  void grow(FileStatus store, Optional<MappedDevice> device, long size) throws IOException {
    String name =
        device
            .map(MappedDevice::name)
            .orElseThrow(
                () ->
                    new DriverException(
                        Code.IO, "the session's device is missing", "Stop the volume first"));
    DeviceTarget before = mapper.table(name).get(0);
    if (before.length() * DeviceTarget.SECTOR == size) {
      return;
    }
    String parameters = before.parameters();
    String below = parameters.substring(0, parameters.indexOf(' '));
    String stored = parameters.substring(parameters.indexOf(' '));
    mapper.suspend(name);
    try (Undo undo = new Undo()) {
      undo.push(() -> mapper.resume(name));
      String grown = grownBelow(store, below, before.length(), size);
      mapper.load(
          name,
          Access.READ_WRITE,
          List.of(DeviceTarget.whole(size, before.type(), grown + stored)));
      undo.disarm();
    }
    mapper.resume(name);
    log.info("resized /dev/mapper/{} to {} bytes", name, size);
  }

  /** Returns the number of a device of that size that begins with what is below now. */
  private String grownBelow(FileStatus store, String below, long length, long size)
      throws IOException {
    String name = names.grown(store);
    Optional<MappedDevice> present = mapper.device(name);
    if (present.isPresent() && !present.get().active()) {
      log.warn("{} was left unfinished", present.get().path());
      mapper.remove(name, A_MOMENT);
      present = Optional.empty();
    }
    List<DeviceTarget> table = new ArrayList<>();
    if (present.isPresent()) {
      table.add(mapper.table(name).get(0));
    } else {
      table.add(new DeviceTarget(0, length, "linear", below + " 0"));
    }
    long start = table.get(0).length();
    table.add(new DeviceTarget(start, size / DeviceTarget.SECTOR - start, "zero", ""));
    if (present.isEmpty()) {
      return mapper.create(name, names.uuid(name), Access.READ, table).number();
    }
    mapper.load(name, Access.READ, table);
    mapper.suspend(name);
    return mapper.resume(name).number();
  }
}
