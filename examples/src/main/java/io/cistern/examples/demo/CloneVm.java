package io.cistern.examples.demo;

import io.cistern.examples.Vm;
import io.cistern.storage.Volume;
import io.cistern.storage.VolumeExport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A VM is cloned, and a disk exported while its VM runs. */
final class CloneVm {
  private CloneVm() {}

  static void play(Stage stage) throws IOException {
    Narrator narrator = stage.narrator();
    narrator.say(
        "dave begins as a clone of carol. And carol's private disk is backed up while she goes on"
            + " working: an export reads the same from open to close.");
    narrator.java(
        "dave.importVolume(carol).join()",
        "try (VolumeExport export = carol.export().join()) { Files.copy(export.path(), backup); }");

    Volume carol = stage.vm("carol").privateDisk();
    Vm dave = stage.vm("dave");
    long begin = System.nanoTime();
    dave.createFrom(stage.vm("carol")).join();
    narrator.line("cloned in " + Amounts.time(Stage.since(begin)));
    stage.showLog("dave");
    String before = Checksum.of(carol);
    narrator.checkSame("dave has what carol has", before, Checksum.of(dave.privateDisk()));
    if (stage.clones()) {
      narrator.say("In the tree below, dave's private.img has no blocks of its own.");
    }

    Path backup = stage.options().scratch().resolve("carol.img");
    try (VolumeExport export = carol.export().join()) {
      carol.start().join();
      Guest.write(carol, "/diary", "while the backup runs");
      carol.stop().join();
      Files.copy(export.path(), backup);
    }
    narrator.checkSame("the backup is what it was at its begin", before, Checksum.of(backup));
    narrator.check("and carol has gone on since", !before.equals(Checksum.of(carol)));
  }
}
