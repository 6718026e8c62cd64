package io.cistern.examples.demo;

import io.cistern.storage.Revision;
import io.cistern.storage.RevisionId;
import io.cistern.storage.Volume;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** A private disk goes through several versions, and back to one of them. */
final class RevertDisk {
  private static final String FILE = "/thesis";
  private static final int DRAFTS = 4;

  private RevertDisk() {}

  static void play(Stage stage) throws IOException {
    Narrator narrator = stage.narrator();
    narrator.say(
        "carol works on her thesis: four sessions, each of them a commit. Her private disk keeps"
            + " three revisions; older ones go. Then she wants an older draft back.");
    narrator.java(
        "disk.revisions().join()                    // oldest first", "disk.revert(id).join()");

    Volume disk = stage.vm("carol").privateDisk();
    for (int draft = 1; draft <= DRAFTS; draft++) {
      disk.start().join();
      Guest.write(disk, FILE, "draft " + draft);
      disk.stop().join();
    }
    show(narrator, disk);
    List<Revision> before = disk.revisions().join();
    narrator.checkSame("three revisions are kept", 3, before.size());
    narrator.checkSame("the oldest of them has draft 1", "draft 1", read(disk, first(before)));

    RevisionId wanted = first(before);
    stage.beginLog();
    disk.revert(wanted).join();
    narrator.blank();
    narrator.line("after disk.revert(%s):".formatted(wanted));
    stage.showLog("");
    show(narrator, disk);
    List<Revision> after = disk.revisions().join();
    narrator.checkSame("draft 1 is back", "draft 1", current(disk));
    narrator.checkSame(
        "nothing is lost: what it replaced is the newest revision",
        "draft 4",
        read(disk, after.get(after.size() - 1).id()));
  }

  private static void show(Narrator narrator, Volume disk) throws IOException {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("revision", "replaced at", "size", FILE));
    for (Revision revision : disk.revisions().join()) {
      rows.add(
          List.of(
              revision.id().toString(),
              revision.created().toString(),
              Amounts.bytes(revision.size().orElseThrow()),
              read(disk, revision.id())));
    }
    rows.add(
        List.of("(current)", "", Amounts.bytes(disk.size().join().orElseThrow()), current(disk)));
    narrator.table(rows);
    narrator.blank();
  }

  private static RevisionId first(List<Revision> revisions) {
    return revisions.get(0).id();
  }

  private static String current(Volume disk) throws IOException {
    return Guest.readCommitted(disk, FILE).orElse("");
  }

  private static String read(Volume disk, RevisionId id) throws IOException {
    return Guest.readRevision(disk, id, FILE).orElse("");
  }
}
