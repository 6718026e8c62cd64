package io.cistern.testkit;

import java.util.Comparator;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What all threads of this process do at a moment, to find out who waits for whom. */
final class ThreadDump {
  private static final int FRAMES = 30;

  private ThreadDump() {}

  static String take() {
    return Thread.getAllStackTraces().entrySet().stream()
        .filter(entry -> entry.getValue().length > 0)
        .sorted(Comparator.comparing(entry -> entry.getKey().getName()))
        .map(ThreadDump::describe)
        .collect(Collectors.joining("\n"));
  }

  private static String describe(Map.Entry<Thread, StackTraceElement[]> entry) {
    String frames =
        Stream.of(entry.getValue())
            .limit(FRAMES)
            .map(frame -> "\n    at " + frame)
            .collect(Collectors.joining());
    return "  %s (%s)%s".formatted(entry.getKey().getName(), entry.getKey().getState(), frames);
  }
}
