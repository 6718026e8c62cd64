package io.cistern.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Two rivals, of which one is killed now and then, and replaced by another. */
final class Race implements AutoCloseable {
  /** Each third time one is killed that has to wait for the pool. */
  private static final int WAITING_ONE = 3;

  private final Scenario scenario;
  private final RivalOrder order;
  private final Random random = new Random(Scenario.SEED);
  private final List<Rival> all = new ArrayList<>();
  private final List<Rival> living = new ArrayList<>();

  Race(Scenario scenario, RivalOrder order) {
    this.scenario = scenario;
    this.order = order;
  }

  /** All that there were, in the order in which they were started. */
  List<Rival> all() {
    return all;
  }

  /** The numbers that were committed, as far as was told. */
  List<Long> committed() {
    return all.stream().map(Rival::committed).flatMap(List::stream).toList();
  }

  /** Goes on until there are so many numbers; kills are spread evenly among them. */
  void run(int numbers, int kills, int longestLife) throws IOException, InterruptedException {
    enter();
    enter();
    for (int kill = 1; kill <= kills; kill++) {
      awaitNumbers(committed().size() + numbers / (kills + 1));
      Thread.sleep(random.nextInt(longestLife));
      Rival hit = choose(kill % WAITING_ONE != 0);
      living.remove(hit);
      hit.kill();
      enter();
    }
    awaitNumbers(Math.max(numbers, committed().size() + numbers / (kills + 1)));
    for (Rival rival : living) {
      assertThat(rival.end(scenario.fixture().patience().toSeconds()))
          .as("%s: how it ended, see %s", scenario.rule(), JavaProcess.ERRORS)
          .isZero();
    }
  }

  private void enter() throws IOException {
    Rival rival = Rival.start(order);
    all.add(rival);
    living.add(rival);
  }

  /** Also the last one to come has had a turn by then. */
  private void awaitNumbers(int numbers) {
    scenario
        .waiting()
        .until(
            "%d numbers, some of each process that lives".formatted(numbers),
            () -> {
              assertAlive();
              return committed().size() >= numbers
                  && living.stream().noneMatch(rival -> rival.committed().isEmpty());
            });
  }

  /** The one that has the pool, or the other one. */
  private Rival choose(boolean hasPool) {
    scenario
        .waiting()
        .until(
            "that a process has the pool",
            () -> {
              assertAlive();
              return living.stream().anyMatch(Rival::hasPool);
            });
    Rival owner = living.stream().filter(Rival::hasPool).findFirst().orElse(living.get(0));
    return hasPool ? owner : living.get(1 - living.indexOf(owner));
  }

  /** None ends before it is told to. */
  private void assertAlive() {
    assertThat(living)
        .as("%s: those that are at work, see %s", scenario.rule(), JavaProcess.ERRORS)
        .allMatch(Rival::isAlive);
  }

  @Override
  public void close() {
    all.forEach(Rival::close);
  }
}
