package io.cistern.examples.demo;

import io.cistern.storage.StorageEvent;
import io.cistern.storage.StorageListener;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps what Cistern says it did, and how long each operation took. */
final class EventRecord implements StorageListener {
  private final List<StorageEvent> events = new CopyOnWriteArrayList<>();

  @Override
  public void onEvent(StorageEvent event) {
    events.add(event);
  }

  void clear() {
    events.clear();
  }

  int count() {
    return events.size();
  }

  Duration total() {
    return events.stream().map(StorageEvent::duration).reduce(Duration.ZERO, Duration::plus);
  }
}
