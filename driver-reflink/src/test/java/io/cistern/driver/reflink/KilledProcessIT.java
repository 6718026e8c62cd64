package io.cistern.driver.reflink;

import static org.assertj.core.api.Assertions.assertThat;

import io.cistern.directory.testing.ChildProcess;
import io.cistern.directory.testing.FileSystemUnderTest;
import io.cistern.storage.Pool;
import io.cistern.storage.PoolConfig;
import io.cistern.storage.Storage;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.Volume;
import io.cistern.storage.VolumeConfig;
import io.cistern.storage.VolumeState;
import io.cistern.testkit.disk.LoopDevice;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("After kill -9 of the process that owns the pool")
class KilledProcessIT {
  private static final long SIZE = 1 << 20;

  @ParameterizedTest
  @EnumSource(FileSystemUnderTest.class)
  void anImportIsGoneAtTheNextStartAndTheContentIsTheOldOne(FileSystemUnderTest fileSystem)
      throws Exception {
    try (Disks disks = Disks.on(fileSystem)) {
      Disks.commit(disks.origin("vm", "root", SIZE), "before");
      killWhen(disks, "importing");
      Path leftover = disks.directory().resolve("vm/root-import.img");
      assertThat(leftover).exists();

      disks.reopen();
      Volume root = declared(disks);
      assertThat(Disks.get(disks.pool().volumes())).containsExactly(root);
      assertThat(Disks.get(root.size())).hasValue(SIZE);
      assertThat(Disks.read(Disks.start(root).path(), 6)).isEqualTo("before");
      assertThat(leftover).doesNotExist();
      Disks.stop(root);
      assertThat(Disks.committed(root, 6)).isEqualTo("before");
    }
  }

  @ParameterizedTest
  @EnumSource(FileSystemUnderTest.class)
  void anImportThatAnotherProcessStillFillsIsNotTakenAway(FileSystemUnderTest fileSystem)
      throws Exception {
    try (Disks disks = Disks.on(fileSystem)) {
      Disks.commit(disks.origin("vm", "root", SIZE), "before");
      killWhen(disks, "importing");
      Path leftover = disks.directory().resolve("vm/root-import.img");
      disks.reopen();
      Volume root = declared(disks);
      try (LoopDevice loop = LoopDevice.attach(leftover)) {
        assertThat(Disks.refused(root.importData(SIZE), Code.VOLUME_IN_USE))
            .hasMessageContaining(loop.path().toString());
        assertThat(leftover).exists();
      }
      Disks.get(Disks.get(root.importData(SIZE)).abort());
      assertThat(leftover).doesNotExist();
    }
  }

  @ParameterizedTest
  @EnumSource(FileSystemUnderTest.class)
  void anImportStandsInNobodysWay(FileSystemUnderTest fileSystem) throws Exception {
    try (Disks disks = Disks.on(fileSystem)) {
      Disks.commit(disks.origin("vm", "root", SIZE), "before");
      killWhen(disks, "importing");
      disks.reopen();
      Volume root = declared(disks);
      try (var channel =
          Files.newByteChannel(Files.writeString(disks.base().resolve("new"), "new!"))) {
        Disks.get(root.importFrom(channel, 4));
      }
      assertThat(Disks.committed(root, 4)).isEqualTo("new!");
      assertThat(Disks.get(root.size())).hasValue(512);
    }
  }

  @ParameterizedTest
  @EnumSource(FileSystemUnderTest.class)
  void aSessionThatNobodyHoldsIsCrashedAndGoesOn(FileSystemUnderTest fileSystem) throws Exception {
    try (Disks disks = Disks.on(fileSystem)) {
      Disks.commit(disks.origin("vm", "root", SIZE), "before");
      killWhen(disks, "started");

      disks.reopen();
      Volume root = declared(disks);
      assertThat(Disks.get(root.state())).isEqualTo(VolumeState.CRASHED);
      assertThat(Disks.get(root.isDirty())).isTrue();
      assertThat(Disks.committed(root, 6)).isEqualTo("before");
      assertThat(Disks.read(Disks.start(root).path(), 6)).isEqualTo("writes");
      Disks.stop(root);
      assertThat(Disks.committed(root, 6)).isEqualTo("writes");
    }
  }

  @ParameterizedTest
  @EnumSource(FileSystemUnderTest.class)
  void aSessionThatIsHeldIsStartedAndCanNotBeTakenAway(FileSystemUnderTest fileSystem)
      throws Exception {
    try (Disks disks = Disks.on(fileSystem)) {
      Disks.commit(disks.origin("vm", "root", SIZE), "before");
      killWhen(disks, "started");
      Path image = disks.directory().resolve("vm/root-dirty.img");

      try (LoopDevice loop = LoopDevice.attach(image)) {
        disks.reopen();
        Volume root = declared(disks);
        assertThat(Disks.get(root.state())).isEqualTo(VolumeState.STARTED);
        assertThat(Disks.start(root).path()).isEqualTo(image);
        assertThat(Disks.refused(root.stop(), Code.VOLUME_IN_USE))
            .hasMessageContaining(loop.path().toString());
        Disks.refused(root.remove(), Code.VOLUME_DIRTY);
        assertThat(image).exists();
      }
    }
  }

  @ParameterizedTest
  @EnumSource(FileSystemUnderTest.class)
  void theLockIsFreeAndWhileItLivedASecondProcessWasRefusedNamingIt(FileSystemUnderTest fileSystem)
      throws Exception {
    try (Disks disks = Disks.on(fileSystem)) {
      disks.origin("vm", "root", SIZE);
      disks.closeStorage();
      try (ChildProcess child = child(disks, "started");
          Storage second = Storage.builder().build()) {
        child.await("started");
        assertThat(Disks.refused(second.open(disks.config()), Code.LOCKED))
            .hasMessageContaining("process " + child.pid());
        child.kill();
        assertThat(Disks.get(second.open(disks.config())).name()).isEqualTo("vms");
      }
    }
  }

  private static Volume declared(Disks disks) {
    return disks.pool().volume(VolumeConfig.origin("vm", "root").size(7).build());
  }

  /** Hands the pool to another process, and kills that once it has come so far. */
  private static void killWhen(Disks disks, String what) throws Exception {
    disks.closeStorage();
    try (ChildProcess child = child(disks, what)) {
      child.await(what);
      child.kill();
    }
  }

  private static ChildProcess child(Disks disks, String what) throws IOException {
    return ChildProcess.start(Victim.class, what, new HashMap<>(disks.config().asMap()).toString());
  }

  /** What runs in the process that is killed. */
  static final class Victim {
    public static void main(String[] arguments) throws Exception {
      Storage storage = Storage.builder().build();
      Pool pool = storage.open(PoolConfig.fromMap(parse(arguments[1]))).join();
      Volume root = pool.volume(VolumeConfig.origin("vm", "root").size(SIZE).build());
      if (arguments[0].equals("importing")) {
        root.importFrom(new NeverEnding(), 64 << 20).join();
      }
      Path image = root.start().join().path();
      try (FileChannel channel = FileChannel.open(image, StandardOpenOption.WRITE)) {
        channel.write(ByteBuffer.wrap("writes".getBytes(java.nio.charset.StandardCharsets.UTF_8)));
      }
      System.out.println("started");
      Thread.sleep(600_000);
    }

    private static Map<String, String> parse(String text) {
      Map<String, String> map = new HashMap<>();
      for (String entry : text.substring(1, text.length() - 1).split(", ", -1)) {
        int equals = entry.indexOf('=');
        map.put(entry.substring(0, equals), entry.substring(equals + 1));
      }
      return map;
    }
  }

  /** Gives some megabytes, says so, and then nothing more. */
  private static final class NeverEnding implements ReadableByteChannel {
    private long given;

    @Override
    public int read(ByteBuffer target) {
      if (given > 4 << 20) {
        System.out.println("importing");
        try {
          Thread.sleep(600_000);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      }
      int bytes = target.remaining();
      while (target.hasRemaining()) {
        target.put((byte) 'x');
      }
      given += bytes;
      return bytes;
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {}
  }
}
