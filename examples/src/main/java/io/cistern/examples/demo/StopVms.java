package io.cistern.examples.demo;

import io.cistern.examples.Vm;
import io.cistern.storage.Volume;
import java.io.IOException;
import java.util.List;

/** A stop commits private disks and forgets the others. */
final class StopVms {
  private StopVms() {}

  static void play(Stage stage) throws IOException {
    Narrator narrator = stage.narrator();
    narrator.say(
        "Stopping commits what is the VM's own, with what was there before kept as a revision,"
            + " and drops what is not. Then alice starts again.");
    narrator.java("CompletableFuture.allOf(root.stop(), disk.stop(), swap.stop()).join()");

    Vm alice = stage.vm("alice");
    String before = Checksum.of(stage.template());
    stage.stopAll(stage.vms());
    stage.showLog("appvms/alice/private");
    stage.startAll(List.of(alice));

    narrator.blank();
    narrator.checkSame("the template is untouched", before, Checksum.of(stage.template()));
    narrator.check(
        "alice's change to her root disk is gone",
        Guest.read(alice.root(), WriteInside.ON_ROOT).isEmpty());
    for (Vm vm : stage.vms()) {
      Volume disk = vm.privateDisk();
      narrator.checkSame(
          vm.name() + "'s private disk kept its file",
          vm.name(),
          Guest.readCommitted(disk, WriteInside.ON_PRIVATE).orElse(""));
    }
    narrator.checkSame(
        "each has one revision, the empty disk it was created as",
        List.of(1, 1, 1),
        stage.vms().stream().map(vm -> vm.privateDisk().revisions().join().size()).toList());
  }
}
