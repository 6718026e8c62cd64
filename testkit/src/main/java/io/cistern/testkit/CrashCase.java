package io.cistern.testkit;

import io.cistern.storage.Capability;
import io.cistern.storage.Pool;
import io.cistern.storage.Volume;
import io.cistern.storage.VolumeConfig;
import io.cistern.storage.VolumeKind;
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

  /** Lists those that change something, and are not refused. */
  private static Stream<CrashCase> all(Set<Capability> capabilities) {
    return every(capabilities).filter(crash -> crash.operation.changes());
  }

  private static Stream<CrashCase> every(Set<Capability> capabilities) {
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

  /** The same, and what changes nothing, but can fail. */
  static List<CrashCase> disturbed(Set<Capability> capabilities) {
    return selection(every(capabilities), CrashCase::isTypical);
  }

  private static List<CrashCase> selection(Stream<CrashCase> all, Predicate<CrashCase> otherwise) {
    return all.filter(ASKED_FOR.map(CrashCase::isLike).orElse(THOROUGH ? crash -> true : otherwise))
        .toList();
  }

  private static Predicate<CrashCase> isLike(Pattern pattern) {
    return crash -> pattern.matcher(crash.toString()).matches();
  }

  /** True of some whose protocols have little in common. */
  boolean isTypical() {
    return kind == VolumeKind.ORIGIN
        || operation == CrashOperation.START
        || operation == CrashOperation.STOP;
  }

  /** Tells whether somebody has asked for certain operations. */
  static boolean areAskedFor() {
    return ASKED_FOR.isPresent();
  }

  /** The volume that snapshots and clones are taken of. */
  static VolumeConfig source() {
    return VolumeConfig.origin(VM, "source").size(SIZE).revisionsToKeep(0).build();
  }

  VolumeConfig config(Pool pool, String name, int revisionsToKeep) {
    VolumeConfig.Builder builder =
        VolumeConfig.builder(VM + "-" + name + "/root")
            .snapOnStart(kind.snapOnStart())
            .saveOnStop(kind.saveOnStop())
            .revisionsToKeep(revisionsToKeep)
            .size(SIZE);
    if (kind.snapOnStart()) {
      builder.source(pool.volume(source()).id());
    }
    return builder.build();
  }

  /** Does it. */
  CompletableFuture<?> run(Volume volume) {
    return operation.run(volume);
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
