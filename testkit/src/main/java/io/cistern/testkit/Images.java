package io.cistern.testkit;

import io.cistern.storage.Revision;
import io.cistern.storage.Volume;
import io.cistern.storage.VolumeExport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Reads volumes, and compares what is read with what is expected. */
final class Images {
  private final Scenario scenario;

  Images(Scenario scenario) {
    this.scenario = scenario;
  }

  Content committed(Volume volume) {
    return exported(volume.export());
  }

  Content revision(Volume volume, Revision revision) {
    return exported(volume.export(revision.id()));
  }

  List<Content> revisions(Volume volume) {
    return scenario.waiting().await(volume.revisions()).stream()
        .map(revision -> revision(volume, revision))
        .toList();
  }

  /** What is there, whole. */
  Content at(Path path) {
    try {
      int size = Math.toIntExact(scenario.fixture().size(path));
      return Content.of(scenario.fixture().read(path, 0, size));
    } catch (IOException e) {
      throw new AssertionError("%s: can't read %s".formatted(scenario.rule(), path), e);
    }
  }

  void assertCommitted(Volume volume, Content expected) {
    assertSame("the committed content of " + volume, committed(volume), expected);
  }

  void assertPath(String what, Path path, Content expected) {
    assertSame(what, at(path), expected);
  }

  void assertRevisions(Volume volume, List<Content> expected) {
    List<Content> actual = revisions(volume);
    if (actual.size() != expected.size()) {
      throw new AssertionError(
          "%s: the revisions of %s are%n%s%nand were to be%n%s"
              .formatted(scenario.rule(), volume, actual, expected));
    }
    for (int i = 0; i < actual.size(); i++) {
      assertSame("revision %d of %s".formatted(i + 1, volume), actual.get(i), expected.get(i));
    }
  }

  void assertSame(String what, Content actual, Content expected) {
    String difference = expected.difference(actual.bytes());
    if (!difference.isEmpty()) {
      throw new AssertionError("%s: %s: %s".formatted(scenario.rule(), what, difference));
    }
  }

  private Content exported(CompletableFuture<VolumeExport> future) {
    VolumeExport export = scenario.waiting().await(future);
    try {
      Content content = at(export.path());
      if (content.size() != export.size()) {
        throw new AssertionError(
            "%s: the export %s says that it has %d bytes, and has %d"
                .formatted(scenario.rule(), export, export.size(), content.size()));
      }
      return content;
    } finally {
      scenario.waiting().await(export.closeAsync());
    }
  }
}
