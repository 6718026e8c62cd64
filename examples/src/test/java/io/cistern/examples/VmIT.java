package io.cistern.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.cistern.storage.Pool;
import io.cistern.storage.PoolConfig;
import io.cistern.storage.Storage;
import io.cistern.storage.StorageException;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.Volume;
import io.cistern.storage.VolumeConfig;
import io.cistern.storage.VolumeState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** In any directory, as the VM's disks know nothing of clones and copies. */
class VmIT {
  private static final long SIZE = 1 << 20;

  @TempDir Path temporary;
  private Storage storage;
  private Volume template;
  private Vm vm;

  @BeforeEach
  void declareVm() {
    storage = Storage.builder().build();
    Pool pool =
        storage
            .open(
                PoolConfig.builder("vms", "file-reflink")
                    .set("dir_path", temporary.resolve("pool").toString())
                    .set("setup_check", "no")
                    .build())
            .join();
    pool.setup().join();
    template = pool.volume(VolumeConfig.origin("vm-templates/test", "root").size(SIZE).build());
    vm = Vm.declare(pool, "alice", template, SIZE, SIZE);
    vm.create().join();
  }

  @AfterEach
  void closeStorage() {
    storage.close();
  }

  @Test
  void allDisksStartAndStopTogether() {
    template.create().join();

    Vm.Disks disks = vm.start().join();

    assertThat(Stream.of(disks.root(), disks.privateDisk(), disks.swap()))
        .allSatisfy(device -> assertThat(device.path()).isRegularFile());
    vm.stop().join();
    assertThat(vm.volumes())
        .allSatisfy(volume -> assertThat(state(volume)).isEqualTo(VolumeState.STOPPED));
    assertThat(vm.privateDisk().revisions().join()).hasSize(1);
  }

  @Test
  void aStartThatFailsStopsWhatHasNothingToLoseAndSpendsNoRevision() {
    CompletableFuture<Vm.Disks> start = vm.start();

    assertThat(start)
        .failsWithin(java.time.Duration.ofSeconds(10))
        .withThrowableThat()
        .satisfies(
            failure ->
                assertThat(StorageException.in(failure).code()).isEqualTo(Code.VOLUME_NOT_FOUND));
    assertThat(state(vm.root())).isEqualTo(VolumeState.STOPPED);
    assertThat(state(vm.swap())).isEqualTo(VolumeState.STOPPED);
    assertThat(vm.privateDisk().revisions().join()).isEmpty();

    template.create().join();
    assertThat(vm.start().join().root().path()).isRegularFile();
  }

  @Test
  void whatIsDiscardedLeavesNoTrace() throws IOException {
    template.create().join();
    Files.writeString(vm.start().join().privateDisk().path(), "mistake");

    vm.discard().join();

    assertThat(vm.privateDisk().revisions().join()).isEmpty();
    assertThat(temporary.resolve("pool/appvms/alice/private.img"))
        .hasBinaryContent(new byte[(int) SIZE]);
  }

  @Test
  void aRemovedVmIsGone() {
    vm.remove().join();

    assertThat(temporary.resolve("pool/appvms")).doesNotExist();
  }

  private static VolumeState state(Volume volume) {
    return volume.state().join();
  }
}
