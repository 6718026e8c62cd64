package io.cistern.storage;

import io.cistern.storage.StorageException.Code;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What a volume is declared with: its vid, its kind, and its settings. Immutable.
 *
 * <pre>{@code
 * VolumeConfig root = VolumeConfig.origin("vm-templates/debian", "root").size(10L << 30).build();
 * VolumeConfig disk = VolumeConfig.snapshot("appvms/foo", "root").source(template.id()).build();
 * }</pre>
 *
 * <p>{@link #asMap()} and {@link #fromMap(Map)} round-trip. The configured size is what {@code
 * create} and the start of a volatile volume use; whatever else asks for a size is answered from
 * the disk (rule 601), so a stale configuration does no harm.
 */
public final class VolumeConfig {
  private final String vid;
  private final VolumeKind kind;
  private final @Nullable VolumeId source;
  private final OptionalLong size;
  private final boolean rw;
  private final OptionalInt revisionsToKeep;

  private VolumeConfig(Builder builder) {
    this.vid = builder.vid;
    this.kind = VolumeKind.of(builder.snapOnStart, builder.saveOnStop);
    this.source = builder.source;
    this.size = builder.size;
    this.rw = builder.rw;
    this.revisionsToKeep = builder.revisionsToKeep;
  }

  /** Starts a {@link VolumeKind#VOLATILE} volume of a VM. It needs a size. */
  public static Builder volatileVolume(String vm, String volume) {
    return builder(vm + "/" + volume);
  }

  /** Starts a {@link VolumeKind#SNAPSHOT} volume of a VM. It needs a source. */
  public static Builder snapshot(String vm, String volume) {
    return builder(vm + "/" + volume).snapOnStart(true);
  }

  /** Starts an {@link VolumeKind#ORIGIN} volume of a VM. Its {@code create} needs a size. */
  public static Builder origin(String vm, String volume) {
    return builder(vm + "/" + volume).saveOnStop(true);
  }

  /** Starts an {@link VolumeKind#ORIGIN_SNAPSHOT} volume of a VM. It needs a source. */
  public static Builder originSnapshot(String vm, String volume) {
    return builder(vm + "/" + volume).snapOnStart(true).saveOnStop(true);
  }

  /**
   * Starts a volume of any kind; without further calls it is a volatile one.
   *
   * @param vid the name within the pool
   * @throws StorageException {@code INVALID_ARGUMENT} if no driver could hold it (rule 202)
   */
  public static Builder builder(String vid) {
    return new Builder(vid);
  }

  /**
   * Reads what {@link #asMap()} gave.
   *
   * @throws StorageException {@code INVALID_ARGUMENT} for unknown, missing or malformed entries
   */
  public static VolumeConfig fromMap(Map<String, String> map) {
    return VolumeConfigMap.read(map);
  }

  /** Returns the name within the pool. */
  public String vid() {
    return vid;
  }

  /** Returns the kind. */
  public VolumeKind kind() {
    return kind;
  }

  /** Returns where each start takes the content from; present exactly with {@code snapOnStart}. */
  public Optional<VolumeId> source() {
    return Optional.ofNullable(source);
  }

  /** Returns the nominal size in bytes. */
  public OptionalLong size() {
    return size;
  }

  /** Returns whether a VM may write to it, and whether its content may be changed at all. */
  public boolean rw() {
    return rw;
  }

  /**
   * Returns how many revisions a commit keeps, -1 for in place (rule 313), or empty to take what
   * the pool is configured with.
   */
  public OptionalInt revisionsToKeep() {
    return revisionsToKeep;
  }

  /**
   * Returns everything that is set, with the keys {@code vid}, {@code snap_on_start}, {@code
   * save_on_stop}, {@code source}, {@code size}, {@code rw} and {@code revisions_to_keep}.
   */
  public Map<String, String> asMap() {
    return VolumeConfigMap.write(this);
  }

  /** Starts a copy in which single settings can be changed. */
  public Builder toBuilder() {
    Builder builder =
        builder(vid).snapOnStart(kind.snapOnStart()).saveOnStop(kind.saveOnStop()).rw(rw);
    builder.source = source;
    builder.size = size;
    builder.revisionsToKeep = revisionsToKeep;
    return builder;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof VolumeConfig that
        && vid.equals(that.vid)
        && kind == that.kind
        && Objects.equals(source, that.source)
        && size.equals(that.size)
        && rw == that.rw
        && revisionsToKeep.equals(that.revisionsToKeep);
  }

  @Override
  public int hashCode() {
    return Objects.hash(vid, kind, source, size, rw, revisionsToKeep);
  }

  @Override
  public String toString() {
    return "VolumeConfig" + asMap();
  }

  /** Collects a {@link VolumeConfig}. */
  public static final class Builder {
    private final String vid;
    private boolean snapOnStart;
    private boolean saveOnStop;
    private @Nullable VolumeId source;
    private OptionalLong size = OptionalLong.empty();
    private boolean rw = true;
    private OptionalInt revisionsToKeep = OptionalInt.empty();

    private Builder(String vid) {
      VolumeId.checkVid(vid);
      this.vid = vid;
    }

    /** Sets whether each start takes its content from the source. */
    public Builder snapOnStart(boolean value) {
      this.snapOnStart = value;
      return this;
    }

    /** Sets whether a stop commits what was written. */
    public Builder saveOnStop(boolean value) {
      this.saveOnStop = value;
      return this;
    }

    /** Sets where each start takes its content from; a volume of the same pool. */
    public Builder source(VolumeId value) {
      this.source = value;
      return this;
    }

    /** Sets the nominal size in bytes. */
    public Builder size(long value) {
      this.size = OptionalLong.of(value);
      return this;
    }

    /** Sets whether a VM may write to it; {@code true} unless told otherwise. */
    public Builder rw(boolean value) {
      this.rw = value;
      return this;
    }

    /** Sets how many revisions a commit keeps; -1 means in place. */
    public Builder revisionsToKeep(int value) {
      this.revisionsToKeep = OptionalInt.of(value);
      return this;
    }

    /**
     * Returns the configuration.
     *
     * @throws StorageException {@code INVALID_ARGUMENT} if {@code snapOnStart} and the source do
     *     not go together (rule 201), or for a size or a number of revisions that can't be
     */
    public VolumeConfig build() {
      check(snapOnStart == (source != null), sourceProblem());
      check(
          snapOnStart || saveOnStop || size.isPresent(),
          "a volatile volume is made anew at each start, and no size is set");
      check(size.orElse(1) > 0, "the size " + size.orElse(0) + " is not greater than 0");
      VolumeUpdate.checkRevisionsToKeep(vid, revisionsToKeep);
      check(
          !(snapOnStart && revisionsToKeep.orElse(0) < 0),
          "in place (revisionsToKeep = -1) and snapOnStart exclude each other");
      return new VolumeConfig(this);
    }

    private String sourceProblem() {
      return snapOnStart
          ? "snapOnStart is set, but no source"
          : "the source " + source + " is set, but not snapOnStart";
    }

    private void check(boolean holds, String obstacle) {
      if (!holds) {
        throw new StorageException(
            Code.INVALID_ARGUMENT,
            "volume " + vid,
            "declare it",
            obstacle,
            "Correct the configuration");
      }
    }
  }
}
