package io.cistern.storage;

import io.cistern.storage.spi.DriverContext;
import io.cistern.storage.spi.PoolDriver;
import java.io.IOException;
import java.util.List;

/** Drivers for {@link java.util.ServiceLoader} to find, most of which can't be used. */
public final class TestDrivers {
  private TestDrivers() {}

  /** Opens nothing. */
  public abstract static class Named implements PoolDriver {
    private final String name;

    Named(String name) {
      this.name = name;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public List<DriverParameter> parameters() {
      return List.of(
          DriverParameter.required("place", "where it is"),
          DriverParameter.optional("speed", "how fast it is", "fast"));
    }

    @Override
    public Pool open(String pool, PoolConfig config, DriverContext context) throws IOException {
      throw new IOException("nothing to open");
    }
  }

  /** A good one. */
  public static final class Alpha extends Named {
    public Alpha() {
      super("alpha");
    }
  }

  /** A good one after bad ones. */
  public static final class Beta extends Named {
    public Beta() {
      super("beta");
    }
  }

  /** One that can't be made. */
  public static final class Throwing extends Named {
    public Throwing() {
      super("throwing");
      throw new IllegalStateException("a library is missing");
    }
  }

  /** One whose name can't be asked. */
  public static final class Nameless extends Named {
    public Nameless() {
      super("nameless");
    }

    @Override
    public String name() {
      throw new IllegalStateException("no name");
    }
  }

  /** One whose parameters can't be asked. */
  public static final class Parameterless extends Named {
    public Parameterless() {
      super("parameterless");
    }

    @Override
    public List<DriverParameter> parameters() {
      throw new IllegalStateException("no parameters");
    }
  }

  /** One that is no driver. */
  public static final class NoDriver {}
}
