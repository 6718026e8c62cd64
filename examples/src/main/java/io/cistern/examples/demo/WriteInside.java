package io.cistern.examples.demo;

import io.cistern.examples.Vm;
import io.cistern.storage.Volume;
import java.io.IOException;

/** The guests write to their disks. */
final class WriteInside {
  static final String ON_ROOT = "/etc/changed-by-alice";
  static final String ON_PRIVATE = "/hostname";

  private WriteInside() {}

  static void play(Stage stage) throws IOException {
    Narrator narrator = stage.narrator();
    narrator.say(
        "Now what guests would do, on the very images that a VM would have attached: each formats"
            + " its private disk and writes a file there; alice also changes her root disk.");
    narrator.java("path = volume.blockDevice().join().path()      // then: mke2fs, debugfs -w");

    Volume template = stage.template();
    String before = Checksum.of(template);
    for (Vm vm : stage.vms()) {
      Guest.format(vm.privateDisk(), vm.name());
      Guest.write(vm.privateDisk(), ON_PRIVATE, vm.name());
    }
    Volume root = stage.vm("alice").root();
    Guest.write(root, ON_ROOT, "only here, only until the next start");

    narrator.checkSame(
        "alice sees her change",
        "only here, only until the next start",
        Guest.read(root, ON_ROOT).orElse(""));
    narrator.check("bob does not", Guest.read(stage.vm("bob").root(), ON_ROOT).isEmpty());
    narrator.checkSame("the template is untouched", before, Checksum.of(template));
    narrator.check(
        "a private disk with an open session says so: isDirty",
        stage.vm("alice").privateDisk().isDirty().join());
  }
}
