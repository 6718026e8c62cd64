package io.cistern.testkit;

import io.cistern.storage.Capability;
import io.cistern.storage.Revision;
import io.cistern.storage.StorageException;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.Volume;
import io.cistern.storage.VolumeExport;
import io.cistern.storage.VolumeInfo;
import io.cistern.storage.VolumeState;
import io.cistern.testkit.ModelContents.Version;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Compares all that can be seen of the pools with the model. */
final class ModelCheck {
  private final Model model;
  private final LivePools pools;
  private final Waiting waiting;

  ModelCheck(Model model, LivePools pools) {
    this.model = model;
    this.pools = pools;
    this.waiting = pools.scenario().waiting();
  }

  /** Checks how a command ended, against the reasons there are to refuse it. */
  static void outcome(VolumeCommand command, Set<Code> refusals, @Nullable Throwable failure) {
    if (failure == null) {
      if (!refusals.isEmpty()) {
        throw new ModelMismatch(
            "success of " + kind(command),
            "%s was to be refused with %s, and succeeded".formatted(command, refusals));
      }
      return;
    }
    if (failure instanceof Error error) {
      throw error;
    }
    boolean expected =
        failure instanceof StorageException refusal && refusals.contains(refusal.code());
    if (!expected) {
      String wanted = refusals.isEmpty() ? "to succeed" : "to be refused with " + refusals;
      throw new ModelMismatch(
          "failure of " + kind(command),
          "%s was %s, but: %s".formatted(command, wanted, failure),
          failure);
    }
  }

  private static String kind(VolumeCommand command) {
    return command.getClass().getSimpleName();
  }

  /** Checks everything. */
  void all() {
    model.volumes().forEach(this::whole);
    Set<String> expected =
        model.volumes().stream()
            .map(ModelVolume::name)
            .collect(Collectors.toCollection(TreeSet::new));
    Set<String> listed = new TreeSet<>();
    for (var pool : List.of(pools.scenario().pool(), pools.scenario().second())) {
      waiting.await(pool.volumes()).forEach(volume -> listed.add(volume.id().vid()));
    }
    same("the list of volumes", "the two pools", expected, listed);
  }

  /** Checks all of one volume. */
  void whole(ModelVolume expected) {
    state(expected);
    Volume volume = pools.volume(expected.name());
    List<Content> contents = new ArrayList<>();
    for (Revision revision : waiting.await(volume.revisions())) {
      contents.add(exported(volume.export(revision.id())));
    }
    List<Content> wanted = expected.revisions().stream().map(ModelRevision::content).toList();
    same("the contents of revisions", expected.name(), wanted, contents);
    List<Content> exports = new ArrayList<>();
    for (VolumeExport export : pools.exportsOf(expected.name())) {
      exports.add(pools.read(export.path()));
    }
    same("what exports give", expected.name(), expected.exports(), exports);
  }

  /** Checks what can be asked of one volume, its content and what a VM sees. */
  void state(ModelVolume expected) {
    Volume volume = pools.volume(expected.name());
    String name = expected.name();
    VolumeInfo info = waiting.await(volume.info());
    boolean stopped = expected.state() == VolumeState.STOPPED;
    same("the state", name, expected.state(), info.state());
    same("whether it is dirty", name, expected.saves() && !stopped, info.isDirty());
    same("whether it is being imported into", name, expected.isImporting(), info.isImporting());
    same("the size", name, size(expected), info.size());
    same("rw", name, expected.isRw(), info.rw());
    outdated(expected, info);
    revisions(expected, info.revisions());
    committed(expected, volume);
    if (expected.isStarted()) {
      Content device = pools.read(waiting.await(volume.blockDevice()).path());
      same("what the VM sees", name, expected.session().orElseThrow(), device);
    }
  }

  private OptionalLong size(ModelVolume expected) {
    Optional<Content> image = expected.session().or(expected::committed);
    if (image.isEmpty() && expected.kind().snapOnStart()) {
      image = source(expected).committed();
    }
    if (image.isPresent()) {
      return OptionalLong.of(image.get().size());
    }
    OptionalLong nominal = expected.nominalSize();
    return nominal.isEmpty() ? nominal : OptionalLong.of(expected.rounded(nominal.getAsLong()));
  }

  private ModelVolume source(ModelVolume volume) {
    return model.volume(volume.declared().source().orElseThrow().vid());
  }

  /**
   * A snapshot is outdated by any change of its source's content. After a revert to the very
   * content that it was started with, rule 702 can be read either way.
   */
  private void outdated(ModelVolume expected, VolumeInfo info) {
    if (!expected.can(Capability.OUTDATED_CHECK)) {
      return;
    }
    boolean outdated = false;
    if (expected.isStarted() && expected.kind().snapOnStart()) {
      Optional<Version> taken = expected.sourceVersion();
      Version now = source(expected).version();
      boolean isBack =
          taken.isPresent() && taken.get().content() == now.content() && !taken.get().equals(now);
      if (taken.isEmpty() || isBack) {
        return;
      }
      outdated = !taken.get().equals(now);
    }
    same("whether it is outdated", expected.name(), Optional.of(outdated), info.isOutdated());
  }

  /** Numbers stay, and a new one is above all that there ever were (rule 402). */
  private static void revisions(ModelVolume expected, List<Revision> actual) {
    String name = expected.name();
    same("the number of revisions", name, expected.revisions().size(), actual.size());
    for (int i = 0; i < actual.size(); i++) {
      ModelRevision revision = expected.revisions().get(i);
      long number = actual.get(i).id().number();
      if (revision.number().isPresent()) {
        same("the numbers of revisions", name, revision.number().getAsLong(), number);
      } else if (number <= expected.highestRevision()) {
        throw new ModelMismatch(
            "the numbers of revisions",
            "%s: the new revision %d is not above %d, which there was before"
                .formatted(name, number, expected.highestRevision()));
      }
      revision.saw(number);
      expected.sawRevision(number);
    }
  }

  private void committed(ModelVolume expected, Volume volume) {
    CompletableFuture<VolumeExport> export = volume.export();
    Set<Code> refusals = expected.offer().refusals();
    if (refusals.isEmpty()) {
      Content content = exported(export);
      same("the committed content", expected.name(), expected.committed().orElseThrow(), content);
    } else {
      Throwable failure = waiting.failureOf(export);
      if (!(failure instanceof StorageException refusal) || !refusals.contains(refusal.code())) {
        throw new ModelMismatch(
            "the refusal of an export",
            "%s: an export was to be refused with %s, but: %s"
                .formatted(expected.name(), refusals, failure),
            failure);
      }
    }
  }

  private Content exported(CompletableFuture<VolumeExport> future) {
    VolumeExport export = waiting.await(future);
    try {
      return pools.read(export.path());
    } finally {
      waiting.await(export.closeAsync());
    }
  }

  private static void same(String aspect, String name, Object expected, Object actual) {
    if (!expected.equals(actual)) {
      String detail =
          expected instanceof Content wanted && actual instanceof Content content
              ? wanted.difference(content.bytes())
              : "expected %s, got %s".formatted(expected, actual);
      throw new ModelMismatch(aspect, "%s of %s: %s".formatted(aspect, name, detail));
    }
  }
}
