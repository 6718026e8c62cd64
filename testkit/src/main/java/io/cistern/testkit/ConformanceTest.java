package io.cistern.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.cistern.storage.BlockDevice;
import io.cistern.storage.Capability;
import io.cistern.storage.Pool;
import io.cistern.storage.Revision;
import io.cistern.storage.RevisionId;
import io.cistern.storage.StorageException;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.Volume;
import io.cistern.storage.VolumeConfig;
import io.cistern.storage.VolumeExport;
import io.cistern.storage.VolumeImport;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The words that the conformance tests are written in. */
@ExtendWith(Lifecycle.class)
@Execution(ExecutionMode.SAME_THREAD)
@TestMethodOrder(MethodOrderer.MethodName.class)
abstract class ConformanceTest {
  /** The size of most volumes: a multiple of every granule, and small. */
  static final long SIZE = 1 << 18;

  private @Nullable Scenario scenario;
  private @Nullable LeakCheck leaks;

  protected abstract PoolFixture newPool() throws Exception;

  final void begin(String rule) throws Exception {
    PoolFixture fixture = newPool();
    try {
      leaks = new LeakCheck(fixture, rule);
      scenario = new Scenario(fixture, rule);
    } catch (Throwable e) {
      closeAfter(e, fixture);
      throw e;
    }
  }

  private static void closeAfter(Throwable failure, PoolFixture fixture) {
    try {
      fixture.close();
    } catch (Exception alsoFailed) {
      failure.addSuppressed(alsoFailed);
    }
  }

  final void end(boolean succeeded) throws Exception {
    Scenario ended = scenario;
    if (ended == null) {
      return;
    }
    try (PoolFixture fixture = ended.fixture()) {
      if (succeeded) {
        ended.tidyUp();
        ended.closeTools();
        leaks().check(ended.probe().everDied());
      } else {
        ended.close();
      }
    } finally {
      ended.closeTools();
    }
  }

  final Scenario scenario() {
    return Objects.requireNonNull(scenario);
  }

  final LeakCheck leaks() {
    return Objects.requireNonNull(leaks);
  }

  final PoolFixture fixture() {
    return scenario().fixture();
  }

  final String rule() {
    return scenario().rule();
  }

  final Pool pool() {
    return scenario().pool();
  }

  /** The pool, set up. */
  final Pool ready() {
    await(pool().setup());
    return pool();
  }

  final boolean can(Capability capability) {
    return scenario().can(capability);
  }

  /** As many revisions as this, or as the driver can keep. */
  final int keep(int revisions) {
    return can(Capability.REVISIONS) ? Math.min(revisions, fixture().maxRevisions()) : 0;
  }

  final <T> T await(CompletableFuture<T> future) {
    return scenario().waiting().await(future);
  }

  final long rounded(long size) {
    long granule = fixture().granule();
    return Math.floorDiv(size + granule - 1, granule) * granule;
  }

  final Content content() {
    return scenario().content(SIZE);
  }

  final Volume declare(VolumeConfig config) {
    return scenario().declare(pool(), config);
  }

  /** An origin that is declared, and keeps no revisions. */
  final Volume origin(String volume) {
    return declare(VolumeConfig.origin("vm", volume).size(SIZE).revisionsToKeep(0).build());
  }

  /** An origin with content, and without revisions. */
  final Volume origin(String volume, Content content) {
    return origin(volume, content, 0);
  }

  /** An origin with content, that keeps as many revisions as it can up to this; it has one. */
  final Volume origin(String volume, Content content, int revisions) {
    VolumeConfig.Builder config = VolumeConfig.origin("vm", volume).size(content.size());
    return filled(declare(config.revisionsToKeep(keep(revisions)).build()), content);
  }

  final Volume snapshot(String volume, Volume source) {
    return declare(VolumeConfig.snapshot("vm", volume).source(source.id()).build());
  }

  final Volume volatileVolume(String volume) {
    return declare(VolumeConfig.volatileVolume("vm", volume).size(SIZE).build());
  }

  final Volume filled(Volume volume, Content content) {
    await(volume.create());
    commit(volume, content);
    return volume;
  }

  /** Starts it, writes, stops it. */
  final void commit(Volume volume, Content content) {
    startAndWrite(volume, content);
    await(volume.stop());
  }

  final BlockDevice startAndWrite(Volume volume, Content content) {
    BlockDevice device = await(volume.start());
    write(device, content);
    return device;
  }

  final void write(BlockDevice device, Content content) {
    try {
      fixture().write(device.path(), 0, content.bytes());
    } catch (IOException e) {
      throw new AssertionError("%s: %s can't be written to".formatted(rule(), device), e);
    }
  }

  final VolumeExport export(Volume volume) {
    return handedOut(await(volume.export()));
  }

  final VolumeExport export(Volume volume, RevisionId revision) {
    return handedOut(await(volume.export(revision)));
  }

  final VolumeImport importInto(Volume volume, long size) {
    VolumeImport handle = await(volume.importData(size));
    scenario().handedOut(handle::abort);
    return handle;
  }

  private VolumeExport handedOut(VolumeExport export) {
    scenario().handedOut(export::closeAsync);
    return export;
  }

  /** Has operations overtaken; the report tells whether they really were. */
  final Interleaving interleaving() {
    return new Interleaving(scenario(), overtakings());
  }

  final CrashReport overtakings() {
    return CrashReport.ofEach(getClass(), "overtakings");
  }

  final Images images() {
    return new Images(scenario());
  }

  /** The committed content is this. */
  final void assertContent(Volume volume, Content expected) {
    images().assertCommitted(volume, expected);
  }

  /** What a VM sees of a started volume is this. */
  final void assertDevice(Volume volume, Content expected) {
    images().assertPath("the device of " + volume, await(volume.blockDevice()).path(), expected);
  }

  /** The revisions have these contents, oldest first. */
  final void assertRevisions(Volume volume, Content... expected) {
    images().assertRevisions(volume, List.of(expected));
  }

  final List<RevisionId> revisionIds(Volume volume) {
    return await(volume.revisions()).stream().map(Revision::id).toList();
  }

  /** It fails with this code, says what it is about and what to do, and changes nothing on disk. */
  final StorageException assertRefused(
      Code code, Object subject, Supplier<? extends CompletableFuture<?>> call) {
    Map<String, String> before = fixture().snapshot();
    StorageException refusal = assertFails(code, subject, call);
    assertThat(fixture().snapshot())
        .as("%s: what is on disk after the refusal: %s", rule(), refusal.getMessage())
        .isEqualTo(before);
    return refusal;
  }

  /** The same of a call that does not give a future. */
  final StorageException assertRefusedAtOnce(Code code, Object subject, Runnable call) {
    return assertRefused(
        code,
        subject,
        () -> {
          try {
            call.run();
            return CompletableFuture.completedFuture("no exception");
          } catch (StorageException e) {
            return CompletableFuture.failedFuture(e);
          }
        });
  }

  final StorageException assertFails(
      Code code, Object subject, Supplier<? extends CompletableFuture<?>> call) {
    Throwable failure = scenario().waiting().failureOf(call.get());
    assertThat(failure).as("%s: the failure", rule()).isInstanceOf(StorageException.class);
    StorageException refusal = (StorageException) failure;
    assertThat(refusal.code())
        .as("%s: the code of: %s", rule(), refusal.getMessage())
        .isEqualTo(code);
    String name = subject instanceof Pool pool ? pool.name() : subject.toString();
    assertThat(refusal.getMessage()).as("%s: the object", rule()).contains(name);
    assertHelps(refusal);
    return refusal;
  }

  /** The message names the object, the obstacle and what to do. */
  final void assertHelps(StorageException refusal) {
    Explanation.assertHelps(rule(), refusal);
  }
}
