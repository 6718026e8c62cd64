package io.cistern.testkit;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** A clock that stands still until it is moved, in whichever direction. */
public final class SettableClock extends Clock {
  private volatile Instant now = Instant.parse("2024-02-29T12:00:00Z");

  /** Makes one that shows noon of a leap day, in UTC. */
  public SettableClock() {}

  /** Moves it, back if the duration is negative; from any thread. */
  public void move(Duration by) {
    now = now.plus(by);
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    return this;
  }

  @Override
  public Instant instant() {
    return now;
  }
}
