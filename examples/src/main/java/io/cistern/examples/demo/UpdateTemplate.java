package io.cistern.examples.demo;

import io.cistern.examples.Vm;
import io.cistern.examples.guest.RootFiles;
import io.cistern.storage.Volume;
import io.cistern.storage.VolumeState;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The template is updated under running VMs. */
final class UpdateTemplate {
  private UpdateTemplate() {}

  static void play(Stage stage) throws IOException {
    Narrator narrator = stage.narrator();
    narrator.say(
        "The template is a disk like any other: a VM of its own starts it, updates /etc/motd, and"
            + " stops. alice and bob run meanwhile, and keep what they started with.");
    narrator.java(
        "template.start().join(); ...; template.stop().join()", "root.isOutdated().join()");

    Vm alice = stage.vm("alice");
    Vm bob = stage.vm("bob");
    stage.startAll(List.of(bob));
    update(stage.template());
    stage.showLog("vm-templates");
    show(stage);
    checkVersion(narrator, alice, 1, true);
    checkVersion(narrator, bob, 1, true);

    narrator.blank();
    narrator.say("alice restarts.");
    alice.stop().join();
    stage.startAll(List.of(alice));
    narrator.blank();
    show(stage);
    checkVersion(narrator, alice, 2, false);
    checkVersion(narrator, bob, 1, true);
  }

  private static void update(Volume template) throws IOException {
    template.start().join();
    Guest.write(template, RootFiles.MOTD, RootFiles.motd(2));
    template.stop().join();
  }

  private static void show(Stage stage) throws IOException {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("VM", "root disk", "isOutdated", "its /etc/motd"));
    for (Vm vm : stage.vms()) {
      boolean running = vm.root().state().join() == VolumeState.STARTED;
      rows.add(
          List.of(
              vm.name(),
              vm.root().state().join().toString(),
              vm.root().isOutdated().join().toString(),
              running ? Guest.read(vm.root(), RootFiles.MOTD).orElse("").strip() : "-"));
    }
    stage.narrator().table(rows);
    stage.narrator().blank();
  }

  private static void checkVersion(Narrator narrator, Vm vm, int version, boolean outdated)
      throws IOException {
    narrator.checkSame(
        vm.name() + " sees version " + version,
        RootFiles.motd(version),
        Guest.read(vm.root(), RootFiles.MOTD).orElse(""));
    narrator.checkSame(
        vm.name() + (outdated ? " is outdated" : " is up to date"),
        outdated,
        vm.root().isOutdated().join());
  }
}
