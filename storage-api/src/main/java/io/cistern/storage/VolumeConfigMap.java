package io.cistern.storage;

import io.cistern.storage.StorageException.Code;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.LongConsumer;

/** The form of a {@link VolumeConfig} as a map of strings. */
final class VolumeConfigMap {
  private static final String VID = "vid";
  private static final String SNAP_ON_START = "snap_on_start";
  private static final String SAVE_ON_STOP = "save_on_stop";
  private static final String SOURCE = "source";
  private static final String SIZE = "size";
  private static final String RW = "rw";
  private static final String REVISIONS_TO_KEEP = "revisions_to_keep";
  private static final Set<String> KEYS =
      new TreeSet<>(Set.of(VID, SNAP_ON_START, SAVE_ON_STOP, SOURCE, SIZE, RW, REVISIONS_TO_KEEP));

  private final Map<String, String> map;

  private VolumeConfigMap(Map<String, String> map) {
    this.map = map;
  }

  static Map<String, String> write(VolumeConfig config) {
    Map<String, String> map = new TreeMap<>();
    map.put(VID, config.vid());
    map.put(SNAP_ON_START, Boolean.toString(config.kind().snapOnStart()));
    map.put(SAVE_ON_STOP, Boolean.toString(config.kind().saveOnStop()));
    map.put(RW, Boolean.toString(config.rw()));
    config.source().ifPresent(source -> map.put(SOURCE, source.toString()));
    config.size().ifPresent(size -> map.put(SIZE, Long.toString(size)));
    config
        .revisionsToKeep()
        .ifPresent(revisions -> map.put(REVISIONS_TO_KEEP, Integer.toString(revisions)));
    return map;
  }

  static VolumeConfig read(Map<String, String> map) {
    return new VolumeConfigMap(map).read();
  }

  private VolumeConfig read() {
    for (String key : map.keySet()) {
      if (!KEYS.contains(key)) {
        throw refuse("the key '" + key + "' is unknown");
      }
    }
    VolumeConfig.Builder builder =
        named(VID, VolumeConfig::builder)
            .snapOnStart(flag(required(SNAP_ON_START), SNAP_ON_START))
            .saveOnStop(flag(required(SAVE_ON_STOP), SAVE_ON_STOP));
    if (map.containsKey(RW)) {
      builder.rw(flag(required(RW), RW));
    }
    if (map.containsKey(SOURCE)) {
      builder.source(named(SOURCE, VolumeId::parse));
    }
    number(SIZE, Long.MAX_VALUE, builder::size);
    number(REVISIONS_TO_KEEP, Integer.MAX_VALUE, value -> builder.revisionsToKeep((int) value));
    return builder.build();
  }

  private String required(String key) {
    String value = map.get(key);
    if (value == null) {
      throw refuse("the key '" + key + "' is missing");
    }
    return value;
  }

  /** Reads a name, and makes a refusal of it one that names the key too. */
  private <T> T named(String key, Function<String, T> reading) {
    String value = required(key);
    try {
      return reading.apply(value);
    } catch (StorageException e) {
      throw refuse(
          "'%s' has the value '%s', which can't be: %s".formatted(key, value, e.getMessage()));
    }
  }

  private boolean flag(String value, String key) {
    return switch (value) {
      case "true" -> true;
      case "false" -> false;
      default -> throw refuse("'%s' has the value '%s', not true or false".formatted(key, value));
    };
  }

  private void number(String key, long max, LongConsumer target) {
    String text = map.get(key);
    if (text == null) {
      return;
    }
    try {
      long value = Long.parseLong(text);
      if (value >= -max && value <= max) {
        target.accept(value);
        return;
      }
    } catch (NumberFormatException e) {
      throw refuse("'%s' has the value '%s', which is no number".formatted(key, text));
    }
    throw refuse("'%s' has the value '%s', which is too large".formatted(key, text));
  }

  private StorageException refuse(String obstacle) {
    return new StorageException(
        Code.INVALID_ARGUMENT,
        "volume configuration " + map,
        "read it",
        obstacle,
        "The known keys are " + KEYS);
  }
}
