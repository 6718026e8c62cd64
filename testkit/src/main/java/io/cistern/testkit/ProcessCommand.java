package io.cistern.testkit;

import java.time.Duration;

/** Something that is done to the process, or around it. */
interface ProcessCommand extends Command {
  void run(Model model, LivePools pools);

  /** The storage is closed, and another one opens the pools. */
  record Reopen() implements ProcessCommand {
    @Override
    public void run(Model model, LivePools pools) {
      pools.reopen();
      model.reopen();
    }
  }

  /** The process dies, as far as one can that has a test to end, and another one follows. */
  record Crash() implements ProcessCommand {
    @Override
    public void run(Model model, LivePools pools) {
      pools.crash();
      model.reopen();
    }
  }

  /** The clock is set; it orders nothing (rule 402). */
  record MoveClock(int hours) implements ProcessCommand {
    @Override
    public void run(Model model, LivePools pools) {
      pools.scenario().clock().move(Duration.ofHours(hours));
    }
  }
}
