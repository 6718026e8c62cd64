package io.cistern.driver.lvmthin;

import static io.cistern.driver.lvmthin.ThinPools.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cistern.storage.Pool;
import io.cistern.storage.Storage;
import io.cistern.storage.Volume;
import io.cistern.storage.VolumeConfig;
import io.cistern.storage.VolumeExport;
import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.util.Arrays;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** The embedder's executor takes no work for a moment, so that an import can't be ended. */
class LeftImportTest {
  private final AtomicBoolean rejects = new AtomicBoolean();

  private static byte[] content(int value) {
    byte[] bytes = new byte[(int) ThinPools.SIZE];
    Arrays.fill(bytes, (byte) value);
    return bytes;
  }

  private ReadableByteChannel channel(byte[] bytes, boolean rejected) {
    ReadableByteChannel all = Channels.newChannel(new ByteArrayInputStream(bytes));
    return new ReadableByteChannel() {
      @Override
      public int read(ByteBuffer target) throws java.io.IOException {
        rejects.set(rejected);
        return all.read(target);
      }

      @Override
      public boolean isOpen() {
        return all.isOpen();
      }

      @Override
      public void close() throws java.io.IOException {
        all.close();
      }
    };
  }

  @Test
  void theNextImportIsTheOneThatCounts() throws Exception {
    SimulatedFixture fixture = new SimulatedFixture("vg/pool", "vg/pool2");
    ExecutorService threads = Executors.newCachedThreadPool();
    Storage.Builder builder =
        Storage.builder()
            .executor(
                task -> {
                  if (rejects.get()) {
                    throw new RejectedExecutionException("no room");
                  }
                  threads.execute(task);
                });
    fixture.drivers().forEach(builder::driver);
    try (Storage storage = builder.build()) {
      Pool pool = get(storage.open(fixture.config()));
      get(pool.setup());
      Volume root = pool.volume(VolumeConfig.origin("vm", "root").build());
      assertThatThrownBy(() -> get(root.importFrom(channel(content(1), true), ThinPools.SIZE)))
          .hasRootCauseInstanceOf(RejectedExecutionException.class);
      rejects.set(false);
      get(root.importFrom(channel(content(2), false), ThinPools.SIZE));
      try (VolumeExport export = get(root.export())) {
        assertThat(fixture.read(export.path(), 0, (int) ThinPools.SIZE)).isEqualTo(content(2));
      }
    } finally {
      threads.shutdown();
      fixture.close();
    }
  }
}
