package io.cistern.storage.spi;

import java.util.OptionalLong;

/**
 * A volume that a pool has on disk.
 *
 * @param vid its name
 * @param size the size of its committed image in bytes, if known
 */
public record FoundVolume(String vid, OptionalLong size) {}
