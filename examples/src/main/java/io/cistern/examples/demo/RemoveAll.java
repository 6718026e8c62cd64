package io.cistern.examples.demo;

import io.cistern.examples.Vm;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;

/** Everything goes. */
final class RemoveAll {
  private RemoveAll() {}

  static void play(Stage stage) throws IOException {
    Narrator narrator = stage.narrator();
    narrator.say("All VMs are stopped and removed, then the template, then the pool itself.");
    narrator.java("volume.remove().join()", "pool.destroy().join()");

    stage.stopAll(stage.vms());
    Stage.all(stage.vms().stream().map(Vm::remove).toList());
    stage.template().remove().join();
    narrator.checkSame("no volume is left", List.of(), stage.pool().volumes().join());
    narrator.check("no image either", new PoolTree(stage.options().pool()).hasNoImage());
    stage.pool().destroy().join();
    narrator.check(
        "the directory, which setup made, is gone", Files.notExists(stage.options().pool()));
  }
}
