package io.cistern.examples.demo;

import io.cistern.examples.guest.LoopDevice;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.Volume;
import java.io.IOException;
import java.nio.file.Files;

/** A disk grows while a VM uses it. */
final class ResizeDisk {
  private static final long LARGER = 2 * Stage.PRIVATE_SIZE;

  private ResizeDisk() {}

  static void play(Stage stage) throws IOException {
    Narrator narrator = stage.narrator();
    narrator.say("bob runs out of space, and his private disk grows under the running VM.");
    narrator.java("disk.resize(128L << 20).join()");

    Volume disk = stage.vm("bob").privateDisk();
    if (stage.options().loop()) {
      resizeOnLoopDevice(narrator, disk);
    } else {
      resizeFile(narrator, disk);
    }
    disk.stop().join();
    stage.showLog("appvms/bob/private");
    narrator.checkSame("stopped, the disk has its new size", LARGER, sizeOf(disk));
    narrator.checkSame(
        "and its content", "bob", Guest.readCommitted(disk, WriteInside.ON_PRIVATE).orElse(""));
  }

  private static void resizeOnLoopDevice(Narrator narrator, Volume disk) throws IOException {
    try (LoopDevice loop = LoopDevice.attach(disk.blockDevice().join().path())) {
      checkSize(narrator, "attached", loop, Stage.PRIVATE_SIZE);
      disk.resize(LARGER).join();
      checkSize(narrator, "resized", loop, LARGER);
      narrator.checkRefused("to stop a disk that is attached", Code.VOLUME_IN_USE, disk.stop());
      narrator.check("nothing has changed by that", disk.isDirty().join());
    }
    narrator.say("The loop device is detached, and the disk stopped.");
  }

  private static void checkSize(Narrator narrator, String when, LoopDevice loop, long size)
      throws IOException {
    narrator.checkSame(
        "%s: blockdev --getsize64 %s says %s".formatted(when, loop, Amounts.bytes(size)),
        size,
        loop.size());
  }

  private static void resizeFile(Narrator narrator, Volume disk) throws IOException {
    narrator.say("(A loop device would follow, but this process may not make one.)");
    disk.resize(LARGER).join();
    narrator.checkSame(
        "the image that is attached has its new size",
        LARGER,
        Files.size(disk.blockDevice().join().path()));
  }

  private static long sizeOf(Volume disk) {
    return disk.size().join().orElseThrow();
  }
}
