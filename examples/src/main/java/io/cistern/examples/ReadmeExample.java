package io.cistern.examples;

import io.cistern.storage.BlockDevice;
import io.cistern.storage.Pool;
import io.cistern.storage.PoolConfig;
import io.cistern.storage.Storage;
import io.cistern.storage.Volume;
import io.cistern.storage.VolumeConfig;
import java.io.IOException;
import java.nio.channels.FileChannel;

/** The example of the README, as it is printed there. */
final class ReadmeExample {
  private ReadmeExample() {}

  static void run(String dir, FileChannel image) throws IOException {
    // README begin
    try (Storage storage = Storage.builder().build()) {
      PoolConfig config = PoolConfig.builder("vms", "file-reflink").set("dir_path", dir).build();
      Pool pool = storage.open(config).join(); // every call returns a CompletableFuture
      pool.setup().join();

      Volume debian = pool.volume(VolumeConfig.origin("templates/debian", "root").build());
      debian.importFrom(image, image.size()).join();

      Volume root = pool.volume(VolumeConfig.snapshot("alice", "root").source(debian.id()).build());
      Volume home = pool.volume(VolumeConfig.origin("alice", "home").size(2L << 30).build());
      home.create().join();

      BlockDevice disk = root.start().join(); // a clone: milliseconds, and no space
      System.out.println("Attach " + disk.path() + " and " + home.start().join().path());
      root.stop().join(); // what the VM wrote here is dropped
      home.stop().join(); // and here committed; what was before is a revision to revert to
    }
    // README end
  }
}
