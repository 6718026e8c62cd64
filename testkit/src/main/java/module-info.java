/**
 * The suites that hold every storage driver to one contract. A driver's author extends {@link
 * io.cistern.testkit.PoolConformance}, {@link io.cistern.testkit.PoolModelConformance} and {@link
 * io.cistern.testkit.AbuseConformance}, and describes the place to test on with a {@link
 * io.cistern.testkit.PoolFixture}.
 */
module io.cistern.testkit {
  requires transitive io.cistern.storage;
  requires transitive org.junit.jupiter.api;
  requires org.assertj.core;
  requires static transitive org.jspecify;

  exports io.cistern.testkit;

  opens io.cistern.testkit to
      org.junit.platform.commons;
}
