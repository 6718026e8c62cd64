package io.cistern.examples.demo;

import io.cistern.examples.guest.Ext4;
import io.cistern.examples.guest.RootFiles;
import io.cistern.storage.Transfer;
import io.cistern.storage.Volume;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/** A root image is built from files, and imported as a template. */
final class ImportTemplate {
  private ImportTemplate() {}

  static void play(Stage stage) throws IOException {
    Narrator narrator = stage.narrator();
    Path image = buildImage(stage);
    narrator.java("template.importFrom(channel, size, Transfer.withProgress(bar)).join()");

    Volume template = stage.template();
    try (FileChannel channel = FileChannel.open(image)) {
      template
          .importFrom(channel, channel.size(), Transfer.withProgress(narrator::progress))
          .join();
    }

    stage.showLog("vm-templates");
    narrator.checkSame(
        "the template reads like the image, byte by byte",
        Checksum.of(image),
        Checksum.of(template));
    narrator.checkSame(
        "its /etc/motd says so too",
        RootFiles.motd(1),
        Guest.readCommitted(template, RootFiles.MOTD).orElse(""));
  }

  private static Path buildImage(Stage stage) throws IOException {
    Path scratch = stage.options().scratch();
    long size = stage.options().rootSize();
    RootFiles files = RootFiles.collect(scratch.resolve("root"), size * 2 / 5);
    Path image = scratch.resolve("root.img");
    Ext4.make(image, "demo-root", files.directory(), size);
    stage
        .narrator()
        .say(
            "A small root file system is built with mke2fs, from %d real files with %s: an ext4 of %s."
                .formatted(files.count(), Amounts.bytes(files.bytes()), Amounts.bytes(size)));
    return image;
  }
}
