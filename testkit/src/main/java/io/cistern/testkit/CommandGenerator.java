package io.cistern.testkit;

import io.cistern.storage.Capability;
import io.cistern.storage.StopMode;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Makes sequences of commands, the same from the same seed. It follows a model of what they do, and
 * prefers what is not refused, so that sequences get somewhere; the rest proves that refusals
 * change nothing.
 */
final class CommandGenerator {
  private static final int TRIES = 6;

  private final SplittableRandom random;
  private final Model model;
  private final List<ModelVolume> volumes;
  private final long unit;
  private int marks;

  CommandGenerator(long seed, PoolFixture fixture) {
    this.random = new SplittableRandom(seed);
    this.model = Model.of(fixture);
    this.volumes = List.copyOf(model.volumes());
    this.unit = Model.unit(fixture);
  }

  /** Returns commands on volumes and on the process. */
  List<Command> sequence(int length) {
    List<Command> commands = new ArrayList<>();
    while (commands.size() < length) {
      commands.add(random.nextInt(12) == 0 ? process() : next());
    }
    return commands;
  }

  /** Returns commands on volumes alone, which go on where the last ones ended. */
  List<VolumeCommand> volumeCommands(int length) {
    List<VolumeCommand> commands = new ArrayList<>();
    while (commands.size() < length) {
      commands.add(next());
    }
    return commands;
  }

  /** Takes note that the process was replaced by another one. */
  void reopened() {
    model.reopen();
  }

  private ProcessCommand process() {
    int chosen = random.nextInt(5);
    if (chosen == 0) {
      return new ProcessCommand.MoveClock(random.nextInt(-48, 48));
    }
    model.reopen();
    return chosen < 3 ? new ProcessCommand.Reopen() : new ProcessCommand.Crash();
  }

  private VolumeCommand next() {
    VolumeCommand command = any();
    for (int i = 0; i < TRIES && !isWelcome(command); i++) {
      command = any();
    }
    if (model.refusals(command).isEmpty()) {
      model.apply(command);
    }
    return command;
  }

  private boolean isWelcome(VolumeCommand command) {
    boolean works = model.refusals(command).isEmpty();
    return works && command.isUseful(model.volume(command.volume()));
  }

  /** Four in ten are of a VM's life, the rest of an administrator's. */
  private VolumeCommand any() {
    ModelVolume volume = volumes.get(random.nextInt(volumes.size()));
    String name = volume.name();
    return switch (random.nextInt(10)) {
      case 0, 1, 2, 3 -> session(name);
      case 4, 5 -> image(volume);
      case 6 -> revision(name);
      case 7 -> imported(name);
      case 8 -> random.nextBoolean() ? clone(name) : imported(name);
      default -> export(name);
    };
  }

  private VolumeCommand session(String name) {
    return switch (random.nextInt(9)) {
      case 0, 1, 2 -> new SessionCommands.Start(name);
      case 3 -> new SessionCommands.Stop(name, StopMode.DISCARD);
      case 4, 5 -> new SessionCommands.Stop(name, StopMode.COMMIT);
      case 6 -> new SessionCommands.Hold(name, random.nextInt(3) == 0);
      default -> new SessionCommands.Write(name, ++marks, place());
    };
  }

  private VolumeCommand image(ModelVolume volume) {
    return switch (random.nextInt(8)) {
      case 0, 1, 2, 3 -> new ContentCommands.Create(volume.name());
      case 4 ->
          random.nextInt(3) == 0
              ? new ContentCommands.Remove(volume.name())
              : new ContentCommands.Create(volume.name());
      case 5 -> update(volume);
      default -> new ContentCommands.Resize(volume.name(), size(), random.nextBoolean());
    };
  }

  /** Never crosses to or from in place, which has rules of its own (rule 313). */
  private VolumeCommand update(ModelVolume volume) {
    boolean keeps = volume.revisionsToKeep() >= 0 && volume.can(Capability.REVISIONS);
    int most = Math.max(volume.declared().revisionsToKeep().orElse(0), 0);
    int revisions = keeps ? random.nextInt(most + 1) : volume.revisionsToKeep();
    boolean rw = !volume.saves() || revisions < 0 || random.nextInt(3) > 0;
    return new ContentCommands.Update(volume.name(), rw, revisions);
  }

  private VolumeCommand revision(String name) {
    int index = random.nextInt(3);
    return switch (random.nextInt(3)) {
      case 0 -> new RevisionCommands.RevertToNewest(name);
      case 1 -> new RevisionCommands.Revert(name, index);
      default -> new RevisionCommands.RemoveRevision(name, index);
    };
  }

  private VolumeCommand imported(String name) {
    return switch (random.nextInt(8)) {
      case 0, 1 -> new TransferCommands.BeginImport(name, size());
      case 2, 3 -> new TransferCommands.WriteImport(name, ++marks, place());
      case 4, 5 -> new TransferCommands.CommitImport(name);
      case 6 -> new TransferCommands.AbortImport(name);
      default -> new TransferCommands.ImportFrom(name, ++marks, size(), random.nextInt(4) == 0);
    };
  }

  private VolumeCommand clone(String name) {
    String from = volumes.get(random.nextInt(volumes.size())).name();
    return new TransferCommands.Clone(name, from);
  }

  private VolumeCommand export(String name) {
    return switch (random.nextInt(4)) {
      case 0, 1 -> new ExportCommands.Export(name);
      case 2 -> new ExportCommands.ExportRevision(name, random.nextInt(3));
      default -> new ExportCommands.CloseExport(name);
    };
  }

  private int place() {
    return random.nextInt(8);
  }

  private long size() {
    return unit * random.nextInt(1, 7) - random.nextInt(2);
  }
}
