package io.cistern.driver.lvmthin;

import com.google.common.primitives.Ints;
import io.cistern.storage.DriverParameter;
import io.cistern.storage.PoolConfig;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.spi.DriverException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a pool is configured with.
 *
 * @param volumeGroup the name of the volume group
 * @param thinPool the name of the thin pool in it
 * @param revisionsToKeep what a volume keeps that does not say; -1 for in place
 * @param reserve what is left to what is running
 * @param allowUnzeroed whether a thin pool that does not zero new blocks will do
 */
record LvmThinParameters(
    String volumeGroup,
    String thinPool,
    int revisionsToKeep,
    Reserve reserve,
    boolean allowUnzeroed) {
  private static final String VOLUME_GROUP = "volume_group";
  private static final String THIN_POOL = "thin_pool";
  private static final String REVISIONS_TO_KEEP = "revisions_to_keep";
  private static final String RESERVE = "reserve";
  static final String ALLOW_UNZEROED = "allow_unzeroed";

  private static final String DEFAULT_RESERVE = "3:10";

  /** As lvm(8) has it; a volume group's name is a part of a path. */
  private static final Pattern LVM_NAME =
      Pattern.compile("(?!\\.\\.?$)[A-Za-z0-9+_.][A-Za-z0-9+_.-]*");

  private static final int MOST_CHARACTERS = 100;
  private static final String DEV = "/dev/";

  static final List<DriverParameter> DESCRIPTIONS =
      List.of(
          DriverParameter.required(VOLUME_GROUP, "the name of the LVM volume group"),
          DriverParameter.required(THIN_POOL, "the name of the thin pool in the volume group"),
          DriverParameter.optional(
              REVISIONS_TO_KEEP, "how many revisions a volume keeps; -1 runs it in place", "1"),
          DriverParameter.optional(
              RESERVE,
              "percent of the thin pool's data and of its metadata that must be free for anything"
                  + " new, as data:metadata",
              DEFAULT_RESERVE),
          DriverParameter.optional(
              ALLOW_UNZEROED,
              "yes to use a thin pool with zeroing off, where a VM can read other volumes' old"
                  + " blocks, or no",
              "no"));

  static LvmThinParameters of(PoolConfig config) throws DriverException {
    String reserve = value(config, RESERVE);
    return new LvmThinParameters(
        volumeGroup(config),
        lvmName(THIN_POOL, value(config, THIN_POOL)),
        revisions(config),
        Reserve.parse(reserve)
            .orElseThrow(
                () -> malformed(RESERVE, reserve, "two percentages such as " + DEFAULT_RESERVE)),
        allowUnzeroed(config));
  }

  /** Names the place; LVM, and so this driver, takes /dev/vg for vg. */
  static Optional<String> place(PoolConfig config) {
    try {
      return Optional.of(
          "thin pool %s/%s"
              .formatted(volumeGroup(config), lvmName(THIN_POOL, value(config, THIN_POOL))));
    } catch (DriverException e) {
      // open() refuses it with a message.
      return Optional.empty();
    }
  }

  /** Returns the thin pool as LVM's commands take it. */
  String pool() {
    return volumeGroup + "/" + thinPool;
  }

  private static String volumeGroup(PoolConfig config) throws DriverException {
    String value = value(config, VOLUME_GROUP);
    return lvmName(VOLUME_GROUP, value.startsWith(DEV) ? value.substring(DEV.length()) : value);
  }

  private static String lvmName(String key, String value) throws DriverException {
    if (!LVM_NAME.matcher(value).matches() || value.length() > MOST_CHARACTERS) {
      throw malformed(
          key,
          value,
          "a name of letters, digits and + _ . - (%d at most)".formatted(MOST_CHARACTERS));
    }
    return value;
  }

  private static int revisions(PoolConfig config) throws DriverException {
    String value = value(config, REVISIONS_TO_KEEP);
    Integer number = Ints.tryParse(value);
    if (number == null || number < -1) {
      throw malformed(REVISIONS_TO_KEEP, value, "a number, -1 or greater");
    }
    return number;
  }

  private static boolean allowUnzeroed(PoolConfig config) throws DriverException {
    String value = value(config, ALLOW_UNZEROED);
    if (!value.equals("yes") && !value.equals("no")) {
      throw malformed(ALLOW_UNZEROED, value, "yes or no");
    }
    return value.equals("yes");
  }

  private static String value(PoolConfig config, String key) {
    return config
        .get(key)
        .or(
            () ->
                DESCRIPTIONS.stream()
                    .filter(parameter -> parameter.name().equals(key))
                    .findFirst()
                    .flatMap(DriverParameter::defaultValue))
        .orElse("");
  }

  private static DriverException malformed(String key, String value, String expected) {
    return new DriverException(
        Code.INVALID_ARGUMENT,
        "the parameter '%s' has the value '%s', which is not %s".formatted(key, value, expected),
        "Correct it; the known parameters are "
            + DESCRIPTIONS.stream().map(DriverParameter::name).toList());
  }
}
