package io.cistern.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.cistern.storage.spi.Blockers;
import io.cistern.storage.spi.FakeDriver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@link Storage#usage()} and {@link Storage#poolContaining}. */
class StorageUsageTest {
  @TempDir Path scratch;
  private FakeDriver driver;
  private Storage storage;

  @BeforeEach
  void open() {
    driver = new FakeDriver(scratch);
    storage = Storage.builder().driver(driver).build();
  }

  @AfterEach
  void close() {
    storage.close();
  }

  @Test
  void poolsWithoutADirectoryAddUp() {
    open("a", Optional.empty(), PoolUsage.ofData(10, 1));
    open("b", Optional.empty(), PoolUsage.ofData(20, 2));

    assertThat(Outcomes.of(storage.usage())).isEqualTo(PoolUsage.ofData(30, 3));
  }

  @Test
  void aNestedPoolIsCountedOnceIfItIsOpenedLast() throws IOException {
    open("outer", directory("a"), PoolUsage.ofData(10, 1));
    open("inner", directory("a/b"), PoolUsage.ofData(99, 9));

    assertThat(Outcomes.of(storage.usage())).isEqualTo(PoolUsage.ofData(10, 1));
  }

  @Test
  void aNestedPoolIsCountedOnceIfItIsOpenedFirst() throws IOException {
    open("inner", directory("a/b"), PoolUsage.ofData(99, 9));
    open("outer", directory("a"), PoolUsage.ofData(10, 1));

    assertThat(Outcomes.of(storage.usage())).isEqualTo(PoolUsage.ofData(10, 1));
  }

  @Test
  void oneOfTwoPoolsOnOneFileSystemIsCounted() throws IOException {
    open("a", directory("a"), PoolUsage.ofData(10, 1));
    open("b", directory("b"), PoolUsage.ofData(10, 1));

    assertThat(Outcomes.of(storage.usage())).isEqualTo(PoolUsage.ofData(10, 1));
  }

  @Test
  void aPoolWhoseUsageIsNotKnownBreaksNoSum() {
    Blockers.fail(driver.at("a"), "doUsage", new IOException("EIO"));
    Blockers.fail(driver.at("b"), "doUsage", new IllegalStateException("oops"));
    open("a", Optional.empty(), PoolUsage.ofData(10, 1));
    open("b", Optional.empty(), PoolUsage.ofData(20, 2));
    open("c", Optional.empty(), PoolUsage.ofData(30, 3));

    assertThat(Outcomes.of(storage.usage())).isEqualTo(PoolUsage.ofData(30, 3));
  }

  @Test
  void noPoolsHaveAnUnknownUsage() {
    assertThat(Outcomes.of(storage.usage())).isEqualTo(PoolUsage.unknown());
  }

  @Test
  void theDeepestPoolThatContainsAPathIsFound() throws IOException {
    Pool outer = open("outer", directory("a"), PoolUsage.unknown());
    Pool inner = open("inner", directory("a/b"), PoolUsage.unknown());
    directory("a/b/c");

    assertThat(Outcomes.of(storage.poolContaining(scratch.resolve("a/b/c")))).contains(inner);
    assertThat(Outcomes.of(storage.poolContaining(scratch.resolve("a")))).contains(outer);
    assertThat(Outcomes.of(storage.poolContaining(scratch))).isEmpty();
    assertThat(Outcomes.of(storage.poolContaining(scratch.resolve("none")))).isEmpty();
    assertThat(Outcomes.of(inner.info()).includedIn()).contains("outer");
  }

  private Optional<Path> directory(String path) throws IOException {
    return Optional.of(Files.createDirectories(scratch.resolve(path)));
  }

  private Pool open(String name, Optional<Path> directory, PoolUsage usage) {
    Blockers.set(driver.at(name), directory, usage);
    return Outcomes.of(storage.open(PoolConfig.builder(name, "fake").set("place", name).build()));
  }
}
