package io.cistern.testkit;

import io.cistern.storage.Capability;
import io.cistern.storage.Pool;
import io.cistern.storage.Volume;
import io.cistern.storage.VolumeConfig;
import io.cistern.storage.VolumeKind;
import io.cistern.testkit.CrashOperation.Keeping;
import java.io.Serializable;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** An operation on a volume of one kind, to be interrupted. */
record CrashCase(CrashOperation operation, VolumeKind kind) implements Serializable {
  static final String VM = "vm";
  static final long SIZE = 1 << 18;

  /** Whether all is interrupted at each step, however long that takes. */
  static final boolean THOROUGH = Boolean.getBoolean("cistern.test.thorough");

  /** Which to interrupt, as a regular expression for what {@link #toString()} gives. */
  private static final Optional<Pattern> ASKED_FOR =
      Optional.ofNullable(System.getProperty("cistern.test.crash")).map(Pattern::compile);

  /** Lists those that are not refused. */
  private static Stream<CrashCase> all(Set<Capability> capabilities) {
    return Stream.of(CrashOperation.values())
        .flatMap(
            operation ->
                Stream.of(VolumeKind.values())
                    .filter(kind -> operation.appliesTo(kind, capabilities))
                    .map(kind -> new CrashCase(operation, kind)));
  }

  /** Lists those that were asked for; else all if there is time for that; else a selection. */
  static List<CrashCase> selected(
      Set<Capability> capabilities, Predicate<CrashCase> isInSelection) {
    return selection(all(capabilities), isInSelection);
  }

  /** The same for what disturbs, and lets the operation go on. */
  static List<CrashCase> disturbed(Set<Capability> capabilities) {
    return selection(all(capabilities), CrashCase::isTypical);
  }

  private static List<CrashCase> selection(Stream<CrashCase> all, Predicate<CrashCase> otherwise) {
    List<CrashCase> chosen =
        all.filter(ASKED_FOR.map(CrashCase::isLike).orElse(THOROUGH ? crash -> true : otherwise))
            .toList();
    if (chosen.isEmpty()) {
      throw new AssertionError(
          "there is no operation like %s"
              .formatted(ASKED_FOR.map(Pattern::pattern).orElse("those that the suite selects")));
    }
    return chosen;
  }

  /** Leaves out those that a suite never tries; none if certain operations were asked for. */
  static List<CrashCase> tried(List<CrashCase> chosen, Predicate<String> isTried) {
    List<CrashCase> tried =
        chosen.stream().filter(crash -> areAskedFor() || isTried.test(crash.toString())).toList();
    if (tried.isEmpty()) {
      throw new AssertionError("there is no operation for which isTried says yes");
    }
    return tried;
  }

  private static Predicate<CrashCase> isLike(Pattern pattern) {
    return crash -> pattern.matcher(crash.toString()).matches();
  }

  /** True of some whose protocols have little in common. */
  boolean isTypical() {
    return switch (operation) {
      case START, STOP -> true;
      // The same protocols as with revisions, without a step or two.
      case RESIZE_KEEPING_NOTHING, IMPORT_KEEPING_NOTHING, CLONE_KEEPING_NOTHING, REMOVE_IN_PLACE ->
          false;
      default -> kind == VolumeKind.ORIGIN;
    };
  }

  /** Tells whether somebody has asked for certain operations. */
  static boolean areAskedFor() {
    return ASKED_FOR.isPresent();
  }

  /** The volume that snapshots and clones are taken of. */
  static VolumeConfig source() {
    return VolumeConfig.origin(VM, "source").size(SIZE).revisionsToKeep(0).build();
  }

  /**
   * Returns the configuration of a volume to do it with.
   *
   * @param mostRevisions how many it keeps if it keeps any
   */
  VolumeConfig config(Pool pool, String name, int mostRevisions) {
    VolumeConfig.Builder builder =
        VolumeConfig.builder(VM + "-" + name + "/root")
            .snapOnStart(kind.snapOnStart())
            .saveOnStop(kind.saveOnStop())
            .revisionsToKeep(revisionsToKeep(mostRevisions))
            .size(SIZE);
    if (kind.snapOnStart()) {
      builder.source(pool.volume(source()).id());
    }
    return builder.build();
  }

  private int revisionsToKeep(int most) {
    return switch (operation.keeping()) {
      case REVISIONS -> most;
      case NOTHING -> 0;
      case ONE_COPY -> -1;
    };
  }

  /** Tells whether the VM of the volume writes the only copy (rule 313). */
  boolean isInPlace() {
    return operation.keeping() == Keeping.ONE_COPY;
  }

  /** Does it. */
  CompletableFuture<?> run(Volume volume) {
    return operation.run(volume);
  }

  /**
   * Tells whether it may be cut short between its two parts: a crashed session of a kind that keeps
   * nothing is dropped, and another one begun.
   */
  boolean mayLeaveNoSession() {
    return operation == CrashOperation.START_CRASHED && !kind.saveOnStop();
  }

  /**
   * Tells whether all that it syncs has to be on the disk before it is reported done, though no
   * single step makes it done: a start, which a flush inside the VM relies on, and a growth of a
   * device in use (rule 903).
   */
  boolean isDurableWithoutSwitch() {
    return kind.saveOnStop()
        && switch (operation) {
          case START, START_IN_PLACE, RESIZE_STARTED -> true;
          default -> false;
        };
  }

  /** What was reported done survives a power cut, but for sessions that it discards (rule 903). */
  boolean isDurable() {
    return kind.saveOnStop();
  }

  @Override
  public String toString() {
    return "%s of %s".formatted(operation, kind).toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
