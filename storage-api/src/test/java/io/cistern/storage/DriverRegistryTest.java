package io.cistern.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.cistern.storage.StorageException.Code;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DriverRegistryTest {
  private final ClassLoader before = Thread.currentThread().getContextClassLoader();
  private DriverRegistry registry;

  /** Has the broken drivers too, one of which was compiled for a later Java. */
  private static final class DriversLoader extends URLClassLoader {
    DriversLoader() {
      super(
          new URL[] {DriverRegistryTest.class.getResource("/drivers/")},
          DriverRegistryTest.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (name.endsWith(".TooNew")) {
        throw new UnsupportedClassVersionError(name);
      }
      return super.loadClass(name, resolve);
    }
  }

  @BeforeEach
  void loadDrivers() {
    Thread.currentThread().setContextClassLoader(new DriversLoader());
    registry = new DriverRegistry(List.of());
  }

  @AfterEach
  void resetLoader() {
    Thread.currentThread().setContextClassLoader(before);
  }

  @Test
  void aDriverThatCannotBeLoadedDoesNotTakeTheOthersWithIt() {
    assertThat(registry.infos()).extracting(DriverInfo::name).containsExactly("alpha", "beta");
    assertThat(registry.infos().get(0).parameters())
        .extracting(DriverParameter::name)
        .containsExactly("place", "speed");
  }

  @Test
  void anUnknownDriverIsRefusedNamingThoseFound() {
    assertThatExceptionOfType(StorageException.class)
        .isThrownBy(() -> registry.driverFor(PoolConfig.builder("vms", "zfs").build()))
        .matches(e -> e.code() == Code.NO_SUCH_DRIVER)
        .withMessageContaining("'zfs'")
        .withMessageContaining("[alpha, beta]");
  }

  @Test
  void anUnknownParameterIsRefusedNamingItsValueAndTheKnownOnes() {
    assertInvalid(
        PoolConfig.builder("vms", "alpha").set("place", "x").set("sped", "7"),
        "'sped' (= '7')",
        "[place, speed]");
  }

  @Test
  void aMissingParameterIsRefusedNamingItsMeaningAndTheKnownOnes() {
    assertInvalid(
        PoolConfig.builder("vms", "alpha").set("speed", "slow"),
        "'place' (where it is) is missing",
        "[place, speed]");
  }

  @Test
  void whatIsConfiguredAsItShouldBeGetsItsDriver() {
    PoolConfig config = PoolConfig.builder("vms", "beta").set("place", "x").build();

    assertThat(registry.driverFor(config)).isInstanceOf(TestDrivers.Beta.class);
  }

  @Test
  void aDriverThatIsGivenTakesThePlaceOfTheOneFound() {
    TestDrivers.Alpha given = new TestDrivers.Alpha();
    PoolConfig config = PoolConfig.builder("vms", "alpha").set("place", "x").build();

    assertThat(new DriverRegistry(List.of(given)).driverFor(config)).isSameAs(given);
  }

  private void assertInvalid(PoolConfig.Builder config, String... parts) {
    assertThatExceptionOfType(StorageException.class)
        .isThrownBy(() -> registry.driverFor(config.build()))
        .matches(e -> e.code() == Code.INVALID_ARGUMENT)
        .satisfies(e -> assertThat(e.getMessage()).contains(parts).contains("'alpha'"));
  }
}
