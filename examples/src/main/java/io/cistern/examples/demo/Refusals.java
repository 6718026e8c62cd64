package io.cistern.examples.demo;

import io.cistern.storage.PoolConfig;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.Volume;
import java.io.IOException;

/** What would cost somebody a disk is refused, and the message says what to do instead. */
final class Refusals {
  private Refusals() {}

  static void play(Stage stage) throws IOException {
    Narrator narrator = stage.narrator();
    narrator.say("A few things that Cistern does not do, and what it says then.");
    narrator.java("catch StorageException e: e.code(), e.getMessage()");

    String message = SecondProcess.tryToOpen(stage.options().pool());
    narrator.checkRefusal("to open the pool in a second process", Code.LOCKED, message);
    narrator.check(
        "that names this process", message.contains(Long.toString(ProcessHandle.current().pid())));

    Volume disk = stage.vm("bob").privateDisk();
    narrator.checkRefused(
        "to shrink without consent (ALLOW_SHRINK)",
        Code.INVALID_ARGUMENT,
        disk.resize(Stage.PRIVATE_SIZE));
    narrator.checkRefused(
        "to remove a template that VMs start from", Code.VOLUME_IN_USE, stage.template().remove());
    PoolConfig mistyped =
        PoolConfig.builder("other", "file-reflink")
            .set("dir_pth", stage.options().scratch().toString())
            .build();
    narrator.checkRefused(
        "a mistyped parameter", Code.INVALID_ARGUMENT, stage.storage().open(mistyped));
  }
}
