package io.cistern.driver.lvmthin;

import io.cistern.linux.CommandLauncher;
import io.cistern.storage.Pool;
import io.cistern.storage.PoolConfig;
import io.cistern.storage.Storage;
import io.cistern.storage.Volume;
import io.cistern.storage.VolumeConfig;
import java.io.ByteArrayInputStream;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Does one thing with {@code vm/root}, and dies before one of the commands that change something.
 */
final class DyingProcess {
  static final int DIED = 9;
  private static final Set<String> READING = Set.of("lvs", "vgs");

  private DyingProcess() {}

  /** Takes the group, the thin pool, what to do, and the number of the command. */
  public static void main(String[] args) {
    AtomicInteger left = new AtomicInteger(Integer.parseInt(args[3]));
    Machine real = Machine.real();
    CommandLauncher dying =
        (command, patience) -> {
          boolean background = Thread.currentThread().getName().startsWith("cistern-reclaim");
          if (!background && !READING.contains(command.name()) && left.decrementAndGet() == 0) {
            Runtime.getRuntime().halt(DIED);
          }
          return real.launcher().run(command, patience);
        };
    Machine machine =
        new Machine(
            real.lvm(),
            dying,
            real.devices(),
            real.lockDirectory(),
            real.patience(),
            real.reclaimers());
    try (Storage storage = Storage.builder().driver(new LvmThinDriver(machine)).build()) {
      PoolConfig config =
          PoolConfig.builder("pool", "lvm_thin")
              .set("volume_group", args[0])
              .set("thin_pool", args[1])
              .build();
      Pool pool = storage.open(config).join();
      Volume root =
          pool.volume(
              VolumeConfig.origin("vm", "root").size(ThinPools.SIZE).revisionsToKeep(5).build());
      run(root, args[2]);
    }
    System.exit(0);
  }

  private static void run(Volume root, String operation) {
    switch (operation) {
      case "stop" -> root.stop().join();
      case "revert" -> root.revert().join();
      default -> {
        byte[] content =
            Arrays.copyOf("after!".getBytes(StandardCharsets.UTF_8), (int) ThinPools.SIZE);
        root.importFrom(Channels.newChannel(new ByteArrayInputStream(content)), content.length)
            .join();
      }
    }
  }
}
