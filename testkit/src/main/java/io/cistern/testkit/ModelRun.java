package io.cistern.testkit;

import java.util.Optional;

/** One run in a fresh place: pools and a model of them, which are compared. */
final class ModelRun {
  /** What is done in the run. */
  interface Work {
    void run(Model model, LivePools pools, ModelCheck check) throws Exception;
  }

  private ModelRun() {}

  /**
   * Does the work, then removes everything, and checks that nothing is left.
   *
   * @return what went wrong
   */
  static Optional<Throwable> of(ModelPlace place, String title, Work work) throws Exception {
    try (PoolFixture fixture = place.newPool()) {
      LeakCheck leaks = new LeakCheck(fixture, title);
      Scenario scenario = new Scenario(fixture, title, new Waiting(title, place.patience(fixture)));
      try {
        run(fixture, scenario, work);
        scenario.tidyUp();
        leaks.check(scenario.probe().everDied());
        return Optional.empty();
      } catch (Exception | AssertionError e) {
        close(scenario, e);
        return Optional.of(e);
      }
    }
  }

  private static void run(PoolFixture fixture, Scenario scenario, Work work) throws Exception {
    Model model = Model.of(fixture);
    LivePools pools = new LivePools(scenario, model);
    try {
      work.run(model, pools, new ModelCheck(model, pools));
    } finally {
      pools.letGoOfAll();
    }
  }

  private static void close(Scenario scenario, Throwable failure) {
    try {
      scenario.probe().revive();
      scenario.close();
    } catch (AssertionError e) {
      failure.addSuppressed(e);
    }
  }
}
