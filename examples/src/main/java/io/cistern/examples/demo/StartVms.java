package io.cistern.examples.demo;

import io.cistern.examples.Vm;
import io.cistern.examples.guest.RootFiles;
import java.io.IOException;
import java.util.List;

/** Three VMs are derived from the template, and started together. */
final class StartVms {
  static final List<String> NAMES = List.of("alice", "bob", "carol");

  private StartVms() {}

  static void play(Stage stage) throws IOException {
    Narrator narrator = stage.narrator();
    narrator.say(
        "Each VM has a root disk that is a snapshot of the template, a private disk of its own,"
            + " and swap that is fresh at each start. The nine disks start in parallel.");
    narrator.java(
        "root = pool.volume(VolumeConfig.snapshot(vm, \"root\").source(template.id()).build())",
        "disk = pool.volume(VolumeConfig.origin(vm, \"private\").size(64L << 20).build())",
        "swap = pool.volume(VolumeConfig.volatileVolume(vm, \"swap\").size(128L << 20).build())",
        "disk.create().join()",
        "CompletableFuture.allOf(root.start(), disk.start(), swap.start()).join()");

    List<Vm> vms = NAMES.stream().map(stage::vm).toList();
    Stage.all(vms.stream().map(Vm::create).toList());
    stage.startAll(vms);

    stage.showLog("appvms/alice");
    for (Vm vm : vms) {
      narrator.checkSame(
          vm.name() + " runs version 1 of the template",
          RootFiles.motd(1),
          Guest.read(vm.root(), RootFiles.MOTD).orElse(""));
    }
  }
}
