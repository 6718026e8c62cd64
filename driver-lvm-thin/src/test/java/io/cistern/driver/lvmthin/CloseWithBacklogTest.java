package io.cistern.driver.lvmthin;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** A pool that is closed has no lock: somebody else may have it. */
class CloseWithBacklogTest {
  private static final int BACKLOG = 100;

  private final SimulatedFixture fixture = new SimulatedFixture("vg/pool", "vg/pool2");
  private final CountDownLatch begun = new CountDownLatch(1);
  private final AtomicReference<Thread> worker = new AtomicReference<>();

  private List<String> names() {
    synchronized (fixture.lvm()) {
      return fixture.group().all().stream().map(lv -> lv.name).toList();
    }
  }

  private void plantBacklog() {
    for (int i = 0; i < BACKLOG; i++) {
      LvNames names = new LvNames("vm-root");
      LvTags tags = LvTags.fresh(names.base());
      SimulatedLv left =
          fixture
              .group()
              .add(names.dropped(tags.content()), "thin", "pool", SimulatedFixture.EXTENT);
      left.tags.addAll(tags.texts());
    }
  }

  private void slowDownRemovals() {
    fixture.around(
        launcher ->
            (command, patience) -> {
              if (command.name().equals("lvremove")) {
                worker.set(Thread.currentThread());
                begun.countDown();
                pause();
              }
              return launcher.run(command, patience);
            });
  }

  private static void pause() {
    try {
      Thread.sleep(200);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void afterTheCloseNothingIsChanged() throws Exception {
    try (ThinPools pools = new ThinPools(fixture)) {
      fixture.awaitIdle();
      pools.suspend();
      plantBacklog();
      slowDownRemovals();
      pools.resume();
      assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
      fixture.lastReclaimer().close(Duration.ZERO);
      List<String> left = names();
      assertThat(left).hasSizeGreaterThan(BACKLOG / 2);
      worker.get().join(20_000);
      assertThat(worker.get().isAlive()).isFalse();
      assertThat(names()).isEqualTo(left);
      pools.reopen();
      fixture.awaitIdle();
      assertThat(names()).hasSizeLessThan(BACKLOG / 2);
    }
  }
}
