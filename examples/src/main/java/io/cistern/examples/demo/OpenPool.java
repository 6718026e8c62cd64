package io.cistern.examples.demo;

import io.cistern.storage.Capability;
import io.cistern.storage.Pool;
import io.cistern.storage.PoolInfo;
import io.cistern.storage.PoolUsage;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.stream.Collectors;

/** A directory becomes a pool. */
final class OpenPool {
  private OpenPool() {}

  static void play(Stage stage) throws IOException {
    Narrator narrator = stage.narrator();
    narrator.say(
        "A pool is a place for disks: with this driver, a directory. Setting it up, once in its"
            + " life, tries on the real place whether all that the driver needs works there.");
    narrator.java("pool = storage.open(config).join()", "pool.setup().join()");

    Pool pool = stage.storage().open(stage.poolConfig()).join();
    pool.setup().join();

    PoolInfo info = pool.info().join();
    narrator.table(
        List.of(
            List.of("driver", info.driver()),
            List.of("directory", stage.options().pool().toString()),
            List.of("file system", Files.getFileStore(stage.options().pool()).type()),
            List.of("snapshots", snapshots(stage)),
            List.of("in use", usage(info.usage()))));
    narrator.blank();
    narrator.say("Features: " + features(pool));
    stage.showLog("");
    narrator.check("the pool is ready", info.isReady());
    narrator.checkSame("it has no volume yet", 0, info.volumes());
  }

  private static String snapshots(Stage stage) {
    return stage.clones() ? "clones, which share their blocks" : "sparse copies (setup_check=no)";
  }

  private static String usage(PoolUsage usage) {
    return "%s of %s"
        .formatted(
            Amounts.bytes(usage.used().orElseThrow()), Amounts.bytes(usage.size().orElseThrow()));
  }

  private static String features(Pool pool) {
    return pool.capabilities().stream()
        .filter(Capability::isFeature)
        .sorted()
        .map(Capability::name)
        .collect(Collectors.joining(", "));
  }
}
