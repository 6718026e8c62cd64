package io.cistern.driver.reflink;

import io.cistern.directory.testing.ChildProcess;
import io.cistern.directory.testing.FileSystemUnderTest;
import io.cistern.storage.Pool;
import io.cistern.storage.PoolConfig;
import io.cistern.storage.Storage;
import io.cistern.storage.Volume;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("A process whose locale is not UTF-8")
class ForeignLocaleIT {
  @ParameterizedTest
  @EnumSource(FileSystemUnderTest.class)
  void passesOverNamesThatItHasNoPathFor(FileSystemUnderTest fileSystem) throws Exception {
    try (Disks disks = Disks.on(fileSystem)) {
      disks.origin("vm", "root", 4096);
      disks.origin("vm", "r\u00e9sum\u00e9", 4096);
      disks.origin("caf\u00e9", "root", 4096);
      disks.closeStorage();
      List<String> arguments = List.of(disks.directory().toString(), fileSystem.name());
      try (ChildProcess child =
          ChildProcess.start(
              List.of("env", "LC_ALL=C"), Child.class, arguments.toArray(String[]::new))) {
        child.await("[vms:vm/root]");
      }
    }
  }

  /** Lists the volumes of a pool. */
  static final class Child {
    private Child() {}

    public static void main(String[] arguments) {
      boolean hasReflinks = FileSystemUnderTest.valueOf(arguments[1]).hasReflinks();
      PoolConfig config =
          PoolConfig.builder("vms", "file-reflink")
              .set("dir_path", arguments[0])
              .set("setup_check", hasReflinks ? "yes" : "no")
              .build();
      try (Storage storage = Storage.builder().build()) {
        Pool pool = Disks.get(storage.open(config));
        System.out.println(Disks.get(pool.volumes()).stream().map(Volume::id).toList());
      }
    }
  }
}
