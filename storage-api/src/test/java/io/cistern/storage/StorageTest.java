package io.cistern.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.cistern.storage.StorageException.Code;
import io.cistern.storage.spi.Blockers;
import io.cistern.storage.spi.DriverException;
import io.cistern.storage.spi.FakeDriver;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StorageTest {
  /** More than there are threads for operations. */
  private static final int MANY = 20 + 5 * Runtime.getRuntime().availableProcessors();

  @TempDir Path scratch;
  private final List<StorageEvent> events = new CopyOnWriteArrayList<>();
  private FakeDriver driver;
  private Storage storage;

  @BeforeEach
  void open() {
    driver = new FakeDriver(scratch);
    storage = Storage.builder().driver(driver).listener(events::add).build();
  }

  @AfterEach
  void close() {
    Outcomes.of(storage.closeAsync().handle((done, failure) -> true));
  }

  @Test
  void whatIsOpenedIsFoundByNameInTheOrderOfOpening() {
    Pool b = open("b", "1");
    Pool a = open("a", "2");

    assertThat(storage.pools()).containsExactly(b, a);
    assertThat(storage.pool("a")).contains(a);
    assertThat(storage.pool("c")).isEmpty();
    assertThat(events).extracting(StorageEvent::type).containsOnly(StorageEvent.Type.POOL_OPENED);
  }

  @Test
  void noTwoPoolsHaveOneNameOrOnePlaceUntilTheFirstIsClosed() {
    Pool first = open("a", "1");

    assertThat(Outcomes.refusal(storage.open(config("a", "2"))))
        .hasMessageContaining("a pool of that name is open")
        .matches(e -> e.code() == Code.INVALID_ARGUMENT);
    assertThat(Outcomes.refusal(storage.open(config("b", "1"))))
        .hasMessageContaining("the pool a is open on the same place (1)")
        .matches(e -> e.code() == Code.INVALID_ARGUMENT);
    assertThat(storage.pools()).containsExactly(first);
    Outcomes.of(first.close());

    assertThat(storage.pools()).isEmpty();
    open("b", "1");
    open("a", "2");
  }

  @Test
  void poolsWhosePlaceCannotBeToldAreNotTakenForTheSame() {
    Outcomes.of(storage.open(PoolConfig.builder("a", "fake").build()));
    Outcomes.of(storage.open(PoolConfig.builder("b", "fake").build()));

    assertThat(storage.pools()).hasSize(2);
  }

  @Test
  void whileAPoolIsBeingOpenedItsNameAndPlaceAreTakenButItIsNotThere() {
    Blockers blocker = Blockers.at(driver.at("1"), "open");
    var opening = storage.open(config("a", "1"));
    blocker.awaitReached();

    assertThat(storage.pools()).isEmpty();
    assertThat(Outcomes.code(storage.open(config("a", "2")))).isEqualTo(Code.INVALID_ARGUMENT);
    assertThat(Outcomes.code(storage.open(config("b", "1")))).isEqualTo(Code.INVALID_ARGUMENT);
    blocker.release();

    Pool opened = Outcomes.of(opening);
    assertThat(storage.pools()).containsExactly(opened);
  }

  @Test
  void anOpenThatFailsLeavesNoTraceAndIsTold() {
    Blockers.fail(driver.at("1"), "open", new DriverException(Code.LOCKED, "pid 7 has it", "End"));
    assertThat(Outcomes.refusal(storage.open(config("a", "1"))))
        .hasMessage("pool a: cannot open: pid 7 has it. End. [LOCKED]");
    assertThat(storage.pools()).isEmpty();
    assertThat(events).singleElement().matches(event -> event.failure().isPresent());
    Blockers.mend(driver.at("1"), "open");

    open("a", "1");
  }

  @Test
  void everyFailureToOpenIsAStorageException() {
    Blockers.fail(driver.at("1"), "open", new IOException("EIO"));
    Blockers.fail(driver.at("2"), "open", new IllegalStateException("oops"));
    Blockers.fail(driver.at("3"), "open", new NoSuchFileException("/pool"));

    assertThat(Outcomes.refusal(storage.open(config("a", "1")))).hasMessageContaining("EIO");
    assertThat(Outcomes.refusal(storage.open(config("a", "2")))).hasMessageContaining("a bug");
    assertThat(Outcomes.refusal(storage.open(config("a", "3"))))
        .hasMessageContaining("NoSuchFileException: /pool");
    assertThat(Outcomes.refusal(storage.open(config("a", "\0")))).hasMessageContaining("has a NUL");
    assertThat(Outcomes.code(storage.open(PoolConfig.builder("a", "none").build())))
        .isEqualTo(Code.NO_SUCH_DRIVER);
    assertThat(storage.pools()).isEmpty();
  }

  @Test
  void anErrorOfTheDriverPassesThroughAndIsToldAsAFailure() {
    Error error = new NoClassDefFoundError("x");
    Blockers.fail(driver.at("1"), "open", error);

    assertThat(Outcomes.failure(storage.open(config("a", "1")))).isSameAs(error);

    assertThat(events).singleElement().matches(event -> event.failure().isPresent());
    Blockers.mend(driver.at("1"), "open");
    open("a", "1");
  }

  @Test
  void aListenerThatThrowsKeepsNoPoolFromBeingOpenedOrClosed() {
    Storage deaf =
        Storage.builder()
            .driver(driver)
            .listener(
                event -> {
                  throw new AssertionError("oops");
                })
            .build();
    Pool pool = Outcomes.of(deaf.open(config("a", "1")));

    assertThat(deaf.pools()).containsExactly(pool);
    deaf.close();
  }

  @Test
  void closingWaitsForAPoolThatIsBeingOpenedAndClosesIt() {
    Blockers blocker = Blockers.at(driver.at("1"), "open");
    var opening = storage.open(config("a", "1"));
    blocker.awaitReached();

    var closing = storage.closeAsync();
    assertThat(closing).isNotDone();
    assertThat(Outcomes.code(storage.open(config("b", "2")))).isEqualTo(Code.CLOSED);
    blocker.release();

    Pool pool = Outcomes.of(opening);
    Outcomes.of(closing);
    assertThat(Outcomes.code(pool.usage())).isEqualTo(Code.CLOSED);
    assertThat(storage.pools()).isEmpty();
  }

  @Test
  void anOpenThatRacesTheCloseIsClosedOrRefused() {
    for (int i = 0; i < 100; i++) {
      Storage racing = Storage.builder().driver(driver).build();
      List<CompletableFuture<Pool>> openings = new ArrayList<>();
      for (int n = 0; n < 4; n++) {
        openings.add(racing.open(config("p" + n, i + "-" + n)));
      }
      Outcomes.of(racing.closeAsync());
      assertThat(racing.pools()).isEmpty();
      for (CompletableFuture<Pool> opening : openings) {
        var use = opening.thenCompose(Pool::usage);
        assertThat(Outcomes.code(use)).isEqualTo(Code.CLOSED);
      }
    }
  }

  @Test
  void closingTwiceIsFineAndAfterwardsEveryCallIsRefused() {
    open("a", "1");
    storage.close();
    storage.close();

    assertThat(
            List.of(
                storage.open(config("b", "2")), storage.usage(), storage.poolContaining(scratch)))
        .allSatisfy(future -> assertThat(Outcomes.code(future)).isEqualTo(Code.CLOSED));
  }

  @Test
  void aPoolThatCannotBeClosedIsToldAndTheOthersAreClosed() {
    open("a", "1");
    Pool other = open("b", "2");
    Blockers.fail(driver.at("1"), "doClose", new IOException("EIO"));

    assertThatExceptionOfType(StorageException.class)
        .isThrownBy(storage::close)
        .withMessageContaining("pool a: cannot close")
        .withMessageContaining("EIO");
    assertThat(Outcomes.code(other.usage())).isEqualTo(Code.CLOSED);
    assertThat(storage.pools()).isEmpty();
  }

  @Test
  void aStorageWhoseExecutorEndedBeforeItSaysSoAndIsClosedAllTheSame() {
    ExecutorService threads = Executors.newFixedThreadPool(2);
    Storage given = Storage.builder().driver(driver).executor(threads).build();
    Outcomes.of(given.open(config("a", "1")));
    Outcomes.of(given.open(config("b", "2")));
    threads.shutdown();

    assertThat(Outcomes.refusal(given.usage()))
        .hasMessageContaining("takes no more work")
        .hasMessageContaining("Close the Storage before the executor");
    given.close();
    assertThat(given.pools()).isEmpty();
  }

  @Test
  void aStorageWorksOnTheThreadOfTheCaller() {
    Storage direct = Storage.builder().driver(driver).executor(Runnable::run).build();
    Outcomes.of(direct.open(config("a", "1")));
    Pool pool = Outcomes.of(direct.open(config("b", "2")));
    Volume volume = pool.volume(VolumeConfig.builder("v").saveOnStop(true).size(512).build());

    Outcomes.of(volume.create().thenCompose(Volume::start));
    Outcomes.of(volume.stop().thenCompose(done -> volume.importVolume(done)));

    direct.close();
  }

  @Test
  void questionsAreAnsweredHoweverManyStartsCopyWithoutEnd() {
    Pool pool = open("a", "1");
    List<Blockers> copies = new ArrayList<>();
    List<Volume> volumes = new ArrayList<>();
    for (int i = 0; i < MANY; i++) {
      String vid = "v" + i;
      Volume volume = pool.volume(VolumeConfig.builder(vid).saveOnStop(true).size(512).build());
      volumes.add(Outcomes.of(volume.create()));
      copies.add(Blockers.at(driver.at("1"), "doStart", vid));
    }
    List<CompletableFuture<?>> starts = new ArrayList<>();
    volumes.forEach(volume -> starts.add(volume.start()));
    copies.get(0).awaitReached();
    CompletableFuture<VolumeExport> export = volumes.get(1).export();

    assertThat(Outcomes.of(pool.volumes())).hasSize(MANY);
    Outcomes.of(pool.usage());
    Outcomes.of(storage.usage());
    Outcomes.of(storage.poolContaining(scratch));
    Outcomes.of(volumes.get(0).revisions());
    copies.forEach(Blockers::release);
    starts.forEach(Outcomes::of);
    Outcomes.of(export).close();
  }

  @Test
  void driversAreListedWithTheirParameters() {
    assertThat(storage.drivers())
        .filteredOn(info -> info.name().equals("fake"))
        .singleElement()
        .extracting(DriverInfo::parameters)
        .isEqualTo(driver.parameters());
  }

  private Pool open(String name, String place) {
    return Outcomes.of(storage.open(config(name, place)));
  }

  private static PoolConfig config(String name, String place) {
    return PoolConfig.builder(name, "fake").set("place", place).build();
  }
}
