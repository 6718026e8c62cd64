package io.cistern.linux;

import java.nio.file.Path;

/**
 * A loop device that is bound to a file.
 *
 * @param path such as {@code /dev/loop3}
 */
public record LoopDevice(Path path) {}
