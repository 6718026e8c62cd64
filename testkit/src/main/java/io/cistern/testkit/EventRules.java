package io.cistern.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.cistern.storage.Pool;
import io.cistern.storage.Storage;
import io.cistern.storage.StorageEvent;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.Volume;
import io.cistern.storage.VolumeConfig;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the listener hears; the contract has no rule of its own for it. */
abstract class EventRules extends ConcurrencyRules {
  @Test
  void events_whatWasDoneIsToldOnceWithItsDuration() {
    ready();
    Volume root = origin("root", content());
    await(root.start());
    List<StorageEvent> events = eventsOf(root);
    assertThat(events)
        .as(rule())
        .extracting(StorageEvent::type)
        .containsExactly(
            StorageEvent.Type.CREATED,
            StorageEvent.Type.STARTED,
            StorageEvent.Type.COMMITTED,
            StorageEvent.Type.STARTED);
    for (StorageEvent event : events) {
      assertThat(event.duration()).as(rule()).isPositive();
      assertThat(event.failure()).as(rule()).isEmpty();
      assertThat(event.pool()).as(rule()).isEqualTo(pool().name());
    }
    await(root.start());
    assertThat(eventsOf(root)).as("%s: nothing was done", rule()).isEqualTo(events);
  }

  @Test
  void events_aFailureIsToldToo() {
    ready();
    Volume root = origin("root");
    assertRefused(Code.VOLUME_NOT_FOUND, root, root::start);
    StorageEvent event = eventsOf(root).get(0);
    assertThat(event.type()).as(rule()).isEqualTo(StorageEvent.Type.STARTED);
    assertThat(event.failure().orElseThrow().code()).as(rule()).isEqualTo(Code.VOLUME_NOT_FOUND);
  }

  @Test
  void events_aListenerThatFailsChangesNothing() {
    await(pool().setup());
    await(pool().close());
    Storage.Builder builder =
        Storage.builder()
            .listener(
                event -> {
                  throw new IllegalStateException("a bug of the embedder");
                });
    fixture().drivers().forEach(builder::driver);
    Content content = content();
    VolumeConfig config = VolumeConfig.origin("vm", "root").size(SIZE).build();
    Storage storage = builder.build();
    try {
      Pool pool = await(storage.open(fixture().config()));
      filled(pool.volume(config), content);
    } finally {
      scenario().close(storage);
    }
    scenario().reopen();
    assertContent(declare(config), content);
  }

  private List<StorageEvent> eventsOf(Volume volume) {
    return scenario().events().stream()
        .filter(event -> event.volume().filter(volume.id()::equals).isPresent())
        .toList();
  }
}
