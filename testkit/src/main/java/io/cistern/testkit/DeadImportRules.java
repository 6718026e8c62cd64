package io.cistern.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.cistern.storage.StopMode;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.Volume;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Rule 504: what an import leaves whose process died. */
abstract class DeadImportRules extends ImportRules {
  @Test
  @Rule(504)
  void rule504_anImportOfADeadProcessIsNeverContentAndGoneAfterAStart() {
    ready();
    Content content = content();
    Volume root = origin("root", content);
    Set<String> before = fixture().objects();
    Volume again = dieImporting(root);
    assertContent(again, content);
    assertThat(await(again.info()).isImporting()).as(rule()).isFalse();
    assertThat(await(pool().volumes())).as(rule()).containsExactly(again);
    await(again.start());
    assertDevice(again, content);
    await(again.stop(StopMode.DISCARD));
    assertThat(fixture().objects()).as(rule()).isEqualTo(before);
  }

  private Volume dieImporting(Volume volume) {
    write(importInto(volume, SIZE), content());
    scenario().crashLeaving("an import");
    return scenario().again(volume);
  }

  @Test
  @Rule(504)
  void rule504_anImportOfADeadProcessIsGoneAfterTheNextImportOrRemoval() {
    ready();
    Set<String> empty = fixture().objects();
    Content content = content();
    Volume root = origin("root", content);
    Set<String> before = fixture().objects();
    Volume again = dieImporting(root);
    importInto(again, SIZE / 2).close();
    assertThat(fixture().objects()).as("%s: the next import", rule()).isEqualTo(before);
    Volume removed = dieImporting(again);
    await(removed.remove());
    assertThat(fixture().objects()).as("%s: the removal", rule()).isEqualTo(empty);
  }

  @Test
  @Rule(504)
  void rule504_anImportOfADeadProcessIsNoVolumeAndGoneAfterTheCreation() {
    ready();
    Volume root = origin("root");
    await(root.create());
    Set<String> created = fixture().objects();
    await(root.remove());
    Volume again = dieImporting(origin("root"));
    assertThat(await(pool().find("vm/root"))).isPresent();
    assertRefused(Code.VOLUME_NOT_FOUND, again, again::start);
    await(again.create());
    assertContent(again, Content.zeros(SIZE));
    assertThat(fixture().objects()).as("%s: the creation", rule()).isEqualTo(created);
  }

  @Test
  @Rule({504, 901})
  void rule504_aProcessThatDiesWhileItCopiesLeavesTheVolumeAsItWas() {
    ready();
    Content first = content();
    Content second = content();
    new EveryStep(
            scenario(),
            "importFrom",
            name -> origin(name, first, 2),
            volume -> volume.importFrom(GatedChannel.open(second), SIZE))
        .dies();
  }
}
