package io.cistern.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.cistern.storage.Capability;
import io.cistern.storage.Revision;
import io.cistern.storage.RevisionId;
import io.cistern.storage.StopMode;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.Volume;
import io.cistern.storage.VolumeConfig;
import io.cistern.storage.VolumeUpdate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** Rules 401 to 403 and 406: which revisions there are. */
abstract class RevisionRules extends InPlaceRules {
  /** The last contents of a volume whose first one was zeros; what retention leaves. */
  final Content[] last(int kept, List<Content> replaced) {
    List<Content> newest = replaced.subList(Math.max(0, replaced.size() - kept), replaced.size());
    return newest.toArray(Content[]::new);
  }

  @Test
  @Rule(401)
  void rule401_aCommitMakesTheReplacedContentARevision() {
    ready();
    Volume volume = origin("root", content().resized(SIZE), 3);
    Content first = images().committed(volume);
    assertRevisions(volume, last(keep(3), List.of(Content.zeros(SIZE))));
    commit(volume, content());
    assertRevisions(volume, last(keep(3), List.of(Content.zeros(SIZE), first)));
    for (Revision revision : await(volume.revisions())) {
      assertThat(revision.size()).as(rule()).isIn(OptionalLong.empty(), OptionalLong.of(SIZE));
      assertThat(revision.created()).as(rule()).isEqualTo(scenario().clock().instant());
    }
    assertThat(await(volume.info()).revisions()).as(rule()).isEqualTo(await(volume.revisions()));
  }

  @Test
  @Rule(401)
  void rule401_withoutTheFeatureRevisionsCannotBeAskedFor() {
    ready();
    if (can(Capability.REVISIONS)) {
      return;
    }
    VolumeConfig config = VolumeConfig.origin("vm", "root").size(SIZE).revisionsToKeep(1).build();
    assertRefusedAtOnce(Code.UNSUPPORTED, pool(), () -> pool().volume(config));
    Volume volume = origin("root", content());
    assertRefused(Code.UNSUPPORTED, volume, () -> volume.update(VolumeUpdate.revisionsToKeep(1)));
    assertThat(revisionIds(volume)).as(rule()).isEmpty();
  }

  @Test
  @Rule(401)
  void rule401_aVolumeThatKeepsNoRevisionsGetsNone() {
    ready();
    Volume volume = origin("root", content());
    commit(volume, content());
    assertThat(revisionIds(volume)).as(rule()).isEmpty();
  }

  @Test
  @Rule(402)
  void rule402_idsGrowWhateverTheClockDoes() {
    ready();
    Volume volume = origin("root", content(), 2);
    List<RevisionId> seen = new ArrayList<>(revisionIds(volume));
    List<Duration> moves =
        List.of(
            Duration.ZERO,
            Duration.ofDays(-400),
            Duration.ofNanos(1),
            Duration.ofDays(4000),
            Duration.ofDays(-4000));
    for (Duration move : moves) {
      scenario().clock().move(move);
      commit(volume, content());
      remember(volume, seen);
    }
    assertThat(seen).as("%s: never used twice", rule()).doesNotHaveDuplicates().isSorted();
  }

  /** Adds the newest revision; the rest must be known, and in the order that was seen. */
  private void remember(Volume volume, List<RevisionId> seen) {
    List<RevisionId> now = revisionIds(volume);
    assertThat(now).as("%s: oldest first", rule()).isSorted();
    if (!now.isEmpty()) {
      seen.add(now.get(now.size() - 1));
      assertThat(seen).as(rule()).containsAll(now);
    }
  }

  @Test
  @Rule(402)
  void rule402_idsGrowAlsoWhenAllRevisionsAreGone() {
    ready();
    if (keep(1) == 0) {
      return;
    }
    Volume volume = origin("root", content(), 1);
    List<RevisionId> seen = new ArrayList<>();
    for (int round = 0; round < 3; round++) {
      remember(volume, seen);
      for (RevisionId id : revisionIds(volume)) {
        await(volume.removeRevision(id));
      }
      assertThat(revisionIds(volume)).as(rule()).isEmpty();
      scenario().clock().move(Duration.ofDays(-1));
      scenario().crash();
      volume = scenario().again(volume);
      commit(volume, content());
    }
    remember(volume, seen);
    assertThat(seen).as(rule()).doesNotHaveDuplicates().isSorted().hasSize(4);
  }

  @Test
  @Rule({402, 404})
  void rule402_idsGrowAlsoWhenTheNewestRevisionWasRevertedTo() {
    ready();
    if (keep(1) == 0 || !can(Capability.REVERT)) {
      return;
    }
    Volume volume = origin("root", content(), 1);
    List<RevisionId> seen = new ArrayList<>();
    for (int round = 0; round < 3; round++) {
      remember(volume, seen);
      await(volume.update(VolumeUpdate.revisionsToKeep(0)));
      await(volume.revert());
      assertThat(revisionIds(volume)).as(rule()).isEmpty();
      scenario().reopen();
      volume = scenario().again(volume);
      await(volume.update(VolumeUpdate.revisionsToKeep(1)));
      commit(volume, content());
    }
    remember(volume, seen);
    assertThat(seen).as(rule()).doesNotHaveDuplicates().isSorted();
  }

  @Test
  @Rule(403)
  void rule403_retentionRemovesTheOldest() {
    ready();
    List<Content> replaced = new ArrayList<>(List.of(Content.zeros(SIZE)));
    Content current = content();
    Volume volume = origin("root", current, 2);
    for (int round = 0; round < 4; round++) {
      assertRevisions(volume, last(keep(2), replaced));
      replaced.add(current);
      current = content();
      commit(volume, current);
    }
    assertRevisions(volume, last(keep(2), replaced));
    assertContent(volume, current);
  }

  @Test
  @Rule(403)
  void rule403_aLowerNumberTakesEffectAtTheNextCommit() {
    ready();
    Content first = content();
    Volume volume = origin("root", first, 3);
    Content second = content();
    commit(volume, second);
    List<Content> replaced = List.of(Content.zeros(SIZE), first);
    int kept = keep(1);
    await(volume.update(VolumeUpdate.revisionsToKeep(kept)));
    assertRevisions(volume, last(keep(3), replaced));
    commit(volume, content());
    assertRevisions(volume, last(kept, List.of(second)));
    await(volume.update(VolumeUpdate.revisionsToKeep(0)));
    commit(volume, content());
    assertThat(revisionIds(volume)).as(rule()).isEmpty();
  }

  @Test
  @Rule(403)
  void rule403_aRevisionThatIsRemovedIsGoneAtOnce() {
    ready();
    Content first = content();
    Volume volume = origin("root", first, 3);
    commit(volume, content());
    List<RevisionId> ids = revisionIds(volume);
    for (RevisionId id : ids) {
      await(volume.removeRevision(id));
      assertThat(revisionIds(volume)).as(rule()).doesNotContain(id);
      assertRefused(Code.NO_SUCH_REVISION, volume, () -> volume.removeRevision(id));
      assertRefused(Code.NO_SUCH_REVISION, volume, () -> volume.export(id));
    }
    scenario().reopen();
    assertThat(revisionIds(scenario().again(volume))).as(rule()).isEmpty();
  }

  @Test
  @Rule(406)
  void rule406_theContentOfARevisionNeverChanges() {
    ready();
    Content first = content();
    Volume volume = origin("root", first, 1);
    commit(volume, content());
    Content[] kept = last(keep(1), List.of(first));
    startAndWrite(volume, content());
    if (can(Capability.EXPORT_WHILE_RUNNING)) {
      assertRevisions(volume, kept);
    }
    scenario().reopen();
    Volume again = scenario().again(volume);
    if (can(Capability.EXPORT_WHILE_RUNNING)) {
      assertRevisions(again, kept);
    }
    await(again.stop(StopMode.DISCARD));
    await(again.resize(2 * SIZE));
    assertRevisions(again, kept);
    export(again).close();
    importInto(again, SIZE).close();
    assertRevisions(again, kept);
  }

  @Test
  @Rule(406)
  void rule406_whatOnlyLooksLikeARevisionIsIgnored() throws Exception {
    ready();
    Content first = content();
    Volume volume = origin("root", first, 1);
    List<RevisionId> ids = revisionIds(volume);
    leaks().plantForeign("vm/root");
    assertThat(revisionIds(volume)).as(rule()).isEqualTo(ids);
    commit(volume, content());
    assertRevisions(volume, last(keep(1), List.of(first)));
    assertThat(fixture().isForeignIntact()).as(rule()).isTrue();
  }
}
