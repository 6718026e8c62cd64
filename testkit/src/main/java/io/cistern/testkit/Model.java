package io.cistern.testkit;

import io.cistern.storage.Capability;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.VolumeConfig;
import io.cistern.storage.VolumeId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Some volumes of two pools as they have to be. */
final class Model {
  private final Map<String, ModelVolume> volumes = new LinkedHashMap<>();

  /** Makes the model of what the fixture's driver can have of each kind; nothing is created yet. */
  static Model of(PoolFixture fixture) {
    Set<Capability> can = fixture.capabilities();
    boolean keeps = can.contains(Capability.REVISIONS);
    long size = 3 * unit(fixture);
    VolumeId root = new VolumeId(fixture.config().name(), "vm/root");
    int most = keeps ? Math.min(2, fixture.maxRevisions()) : 0;
    List<VolumeConfig> configs = new ArrayList<>();
    configs.add(VolumeConfig.origin("vm", "root").size(size).revisionsToKeep(most).build());
    configs.add(VolumeConfig.snapshot("vm", "disk").source(root).build());
    configs.add(VolumeConfig.volatileVolume("vm", "swap").size(size).build());
    if (can.contains(Capability.SNAP_AND_SAVE)) {
      configs.add(
          VolumeConfig.originSnapshot("vm", "saved")
              .source(root)
              .revisionsToKeep(Math.min(1, most))
              .build());
    }
    if (can.contains(Capability.IN_PLACE)) {
      configs.add(VolumeConfig.origin("vm", "direct").size(size).revisionsToKeep(-1).build());
    }
    configs.add(
        VolumeConfig.origin("vm", "other").size(size).revisionsToKeep(Math.min(1, most)).build());
    Model model = new Model();
    for (VolumeConfig config : configs) {
      boolean isSource = config.vid().equals(root.vid());
      model.volumes.put(config.vid(), new ModelVolume(config, can, fixture.granule(), isSource));
    }
    return model;
  }

  /** Returns what the sizes are multiples of, or one byte less. */
  static long unit(PoolFixture fixture) {
    return Math.max(fixture.granule(), 4096);
  }

  /** Tells whether a volume is in the second pool. */
  static boolean isInSecond(ModelVolume volume) {
    return volume.name().equals("vm/other");
  }

  Collection<ModelVolume> volumes() {
    return volumes.values();
  }

  ModelVolume volume(String name) {
    return Optional.ofNullable(volumes.get(name)).orElseThrow();
  }

  void reopen() {
    volumes().forEach(ModelVolume::reopen);
  }

  /** Returns why a command has to be refused; without a reason it has to succeed. */
  Set<Code> refusals(VolumeCommand command) {
    ModelVolume volume = volume(command.volume());
    EnumSet<Code> codes = EnumSet.noneOf(Code.class);
    codes.addAll(command.refusals(volume));
    offer(command).ifPresent(offer -> codes.addAll(offer.refusals()));
    return codes;
  }

  /** Does a command that was not refused. */
  void apply(VolumeCommand command) {
    ModelVolume volume = volume(command.volume());
    Optional<Offer> offer = offer(command);
    if (offer.isPresent() && command instanceof VolumeCommand.Taking taking) {
      taking.apply(volume, offer.get().content().orElseThrow(), offer.get().version());
    } else {
      command.apply(volume);
    }
  }

  private Optional<Offer> offer(VolumeCommand command) {
    return command instanceof VolumeCommand.Taking taking
        ? taking.source(volume(command.volume())).map(name -> volume(name).offer())
        : Optional.empty();
  }
}
