package io.cistern.driver.lvmthin;

import static io.cistern.driver.lvmthin.ThinPools.get;
import static io.cistern.driver.lvmthin.ThinPools.ids;
import static io.cistern.driver.lvmthin.ThinPools.refused;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.util.concurrent.Uninterruptibles;
import io.cistern.storage.Pool;
import io.cistern.storage.StopMode;
import io.cistern.storage.Storage;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.Volume;
import io.cistern.storage.VolumeConfig;
import io.cistern.storage.VolumeState;
import io.cistern.storage.spi.Step;
import io.cistern.storage.spi.StepProbe;
import java.io.ByteArrayInputStream;
import java.nio.channels.Channels;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A disk does not take the flush that makes LVM's metadata durable: nothing that a power failure
 * may undo is reported done (rule 903).
 */
class FailingFlushTest {
  private final SimulatedFixture fixture = new SimulatedFixture("vg/pool", "vg/pool2");
  private final BrokenDisk disk = new BrokenDisk();
  private Storage storage;
  private Pool pool;

  /** The second physical volume fails its flushes. */
  private static final class BrokenDisk implements StepProbe {
    private final AtomicInteger flushes = new AtomicInteger();
    private volatile boolean broken;

    /** Breaks at a command. */
    private volatile Predicate<Step> isLast = step -> false;

    @Override
    public Optional<String> before(Step step) {
      boolean hit = step.name().equals("fsync") && step.detail().contains("pv-vg-more");
      if (hit) {
        flushes.incrementAndGet();
      }
      if (broken && step.name().equals("lvcreate")) {
        // So that somebody else is about to run one, too.
        Uninterruptibles.sleepUninterruptibly(Duration.ofMillis(500));
      }
      if (isLast.test(step)) {
        isLast = other -> false;
        broken = true;
      }
      return broken && hit ? Optional.of("EIO") : Optional.empty();
    }
  }

  @BeforeEach
  void setUp() {
    open();
    get(pool.setup());
  }

  private void open() {
    Storage.Builder builder = Storage.builder().stepProbe(disk);
    fixture.drivers().forEach(builder::driver);
    storage = builder.build();
    pool = get(storage.open(fixture.config()));
  }

  @AfterEach
  void close() throws Exception {
    storage.close();
    fixture.close();
  }

  private Volume declared(int revisions) {
    return pool.volume(
        VolumeConfig.origin("vm", "root").size(ThinPools.SIZE).revisionsToKeep(revisions).build());
  }

  private Volume created(int revisions) {
    Volume root = declared(revisions);
    get(root.create());
    return root;
  }

  private void fails(CompletableFuture<?> future) {
    failsAndStaysBroken(future);
    disk.broken = false;
  }

  private static void failsAndStaysBroken(CompletableFuture<?> future) {
    assertThat(refused(future, Code.IO))
        .hasMessageContaining("a power failure may undo it")
        .hasMessageContaining("pv-vg-more");
  }

  private Volume breakDisk(Volume volume) {
    fixture.awaitIdle();
    disk.broken = true;
    return volume;
  }

  /** A process that was killed has renamed it, and need not have had that flushed. */
  @Test
  void nothingIsDiscardedOrRemovedBeforeWhatSaysThatItIsGarbageIsDurable() throws Exception {
    storage.close();
    SimulatedLv left = fixture.addGivenUp("vm-root");
    disk.broken = true;
    open();
    fixture.awaitIdle();
    assertThat(fixture.group().find(left.name)).isPresent();
    assertThat(left.discarded).isZero();
    storage.close();
    assertThat(fixture.group().find(left.name)).isPresent();
    disk.broken = false;
    open();
    fixture.awaitIdle();
    assertThat(fixture.group().find(left.name)).isEmpty();
  }

  @Test
  void aStartThatFailsSoLeavesNoSession() {
    Volume root = created(1);
    fails(breakDisk(root).start());
    assertThat(get(root.state())).isEqualTo(VolumeState.STOPPED);
    get(root.start());
    get(root.stop());
    assertThat(ids(root)).hasSize(1);
  }

  @Test
  void aStartInPlaceThatFailsSoLeavesNoSession() {
    Volume root = created(-1);
    fails(breakDisk(root).start());
    assertThat(get(root.state())).isEqualTo(VolumeState.STOPPED);
    get(root.start());
    get(root.stop());
  }

  @Test
  void aStopThatFailsSoIsNotReportedDone() {
    Volume root = created(1);
    get(root.start());
    fails(breakDisk(root).stop());
    assertThat(get(root.state())).isEqualTo(VolumeState.STARTED);
    get(root.stop());
    assertThat(ids(root)).hasSize(1);
  }

  @Test
  void aDiscardThatFailsSoHasEndedTheSession() {
    Volume root = created(1);
    get(root.start());
    fails(breakDisk(root).stop(StopMode.DISCARD));
    assertThat(get(root.state())).isEqualTo(VolumeState.STOPPED);
    get(root.start());
    get(root.stop());
  }

  @Test
  void aDiscardThatFailedSoIsNotReportedDoneWhenItIsRepeated() {
    Volume root = created(1);
    get(root.start());
    failsAndStaysBroken(breakDisk(root).stop(StopMode.DISCARD));
    fails(root.stop(StopMode.DISCARD));
    disk.flushes.set(0);
    get(root.stop(StopMode.DISCARD));
    assertThat(disk.flushes).hasValue(1);
    get(root.stop(StopMode.DISCARD));
    assertThat(disk.flushes).hasValue(1);
  }

  @Test
  void aGrowthThatFailedSoIsNotReportedDoneWhenItIsRepeated() {
    Volume root = created(1);
    get(root.start());
    failsAndStaysBroken(breakDisk(root).resize(2 * ThinPools.SIZE));
    fails(root.resize(2 * ThinPools.SIZE));
    disk.flushes.set(0);
    get(root.resize(2 * ThinPools.SIZE));
    assertThat(disk.flushes).hasValue(1);
    get(root.stop());
  }

  @Test
  void aSetupThatFailedSoIsNotReportedDoneWhenItIsRepeated() {
    get(pool.destroy());
    disk.isLast = step -> step.name().equals("lvchange");
    failsAndStaysBroken(pool.setup());
    fails(pool.setup());
    get(pool.setup());
  }

  /** The source takes the name of its session away while it is read. */
  @Test
  void startsOfASnapshotAndOfItsSourceThatFailSoBothEnd() {
    Volume source = created(1);
    Volume one = filledSnapshot("one", source);
    breakDisk(one);
    CompletableFuture<?> first = one.start();
    CompletableFuture<?> second = source.start();
    failsAndStaysBroken(first.orTimeout(20, TimeUnit.SECONDS));
    failsAndStaysBroken(second.orTimeout(20, TimeUnit.SECONDS));
    disk.broken = false;
    get(one.start());
    get(one.stop());
  }

  private Volume filledSnapshot(String name, Volume source) {
    VolumeConfig config =
        VolumeConfig.snapshot("vm", name).source(source.id()).saveOnStop(true).build();
    Volume snapshot = pool.volume(config);
    byte[] content = new byte[(int) ThinPools.SIZE];
    get(
        snapshot.importFrom(
            Channels.newChannel(new ByteArrayInputStream(content)), ThinPools.SIZE));
    return snapshot;
  }

  @Test
  void aRemovalThatFailsSoIsNotReportedDone() {
    Volume root = created(1);
    fails(breakDisk(root).remove());
    get(root.remove());
    assertThat(get(pool.volumes())).isEmpty();
  }
}
