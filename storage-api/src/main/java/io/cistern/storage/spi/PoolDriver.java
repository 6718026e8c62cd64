package io.cistern.storage.spi;

import io.cistern.storage.DriverParameter;
import io.cistern.storage.Pool;
import io.cistern.storage.PoolConfig;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * A driver: the service that {@link java.util.ServiceLoader} finds. One instance serves all pools
 * and threads.
 */
public interface PoolDriver {
  /** Returns what a {@link PoolConfig} calls it. */
  String name();

  /**
   * Returns what its pools are configured with. Missing and unknown parameters are refused before
   * {@link #open} is called, naming these; malformed values are for {@code open} to refuse.
   */
  List<DriverParameter> parameters();

  /**
   * Names the place that a configuration means, so that two pools of one {@code Storage} on the
   * same place are noticed (rule 107) whatever way they spell it. Two drivers that could share a
   * place name it alike; for a directory, {@link PoolLocation#directoryPlace} does.
   *
   * @return a text that is equal for equal places, or empty if it can't be told
   */
  default Optional<String> place(PoolConfig config) {
    return Optional.empty();
  }

  /**
   * Opens a pool and takes it into possession, so that a second process is refused (rule 106). The
   * place may be absent: then the pool opens all the same, and takes possession once it is there.
   * Blocking; called on the executor.
   *
   * @implSpec A value that is malformed is refused with {@code INVALID_ARGUMENT} naming key and
   *     value (rule 101); a place that another process holds with {@code LOCKED} naming its pid.
   * @param name the pool's name
   * @param config with every required parameter and no unknown one
   * @param context what the embedder provides
   * @throws DriverException for a refusal
   * @throws IOException if something failed
   */
  Pool open(String name, PoolConfig config, DriverContext context) throws IOException;
}
