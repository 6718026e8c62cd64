package io.cistern.testkit;

import io.cistern.storage.StorageException.Code;
import io.cistern.storage.Volume;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * Something that is done to one volume. It can be tried in every state of it, so that a sequence of
 * commands from which some are taken is one, too. What it prints as says all about it.
 */
interface VolumeCommand extends Command {
  /** Returns the name of the volume. */
  String volume();

  /** Returns why the volume has to refuse it, whatever other volumes are like. */
  Set<Code> refusals(ModelVolume model);

  /** Does it to the model; it is not refused. */
  void apply(ModelVolume model);

  /** Does it. */
  CompletableFuture<?> call(LivePools pools, Volume volume);

  /** Tells whether it does something, if it is not refused. */
  default boolean isUseful(ModelVolume model) {
    return true;
  }

  /**
   * Tells whether it may be called before what was called before it has ended. It may not if it
   * needs to know what came of that: a device, a number of a revision.
   */
  default boolean canBeCalledAhead() {
    return true;
  }

  /** One that takes the content of another volume. */
  interface Taking extends VolumeCommand {
    /** Returns the name of that other volume; empty if it takes nothing as the volume is now. */
    Optional<String> source(ModelVolume model);

    /** Does it to the model, with what is taken. */
    void apply(ModelVolume model, Content content, Optional<ModelContents.Version> version);

    /** Reads what was taken, from the volume that took it. */
    Content taken(LivePools pools, String volume, Object result);

    @Override
    default boolean canBeCalledAhead() {
      return false;
    }
  }
}
