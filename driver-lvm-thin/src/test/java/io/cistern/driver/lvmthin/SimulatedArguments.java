package io.cistern.driver.lvmthin;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads the arguments of a command as LVM does, as far as the driver uses them. */
final class SimulatedArguments {
  private static final Set<String> WITH_VALUE =
      Set.of(
          "--devices",
          "-o",
          "--reportformat",
          "--units",
          "-V",
          "-T",
          "-n",
          "--addtag",
          "--deltag",
          "-L");

  private static final Set<String> FLAGS =
      Set.of("-y", "-s", "-kn", "-ay", "-an", "-K", "-f", "-Wn", "-pr", "-prw", "--nosuffix");

  final String command;
  final List<String> positional = new ArrayList<>();
  private final Map<String, List<String>> values = new HashMap<>();
  private final List<String> flags = new ArrayList<>();

  SimulatedArguments(List<String> arguments) {
    command = arguments.get(0);
    for (int i = 1; i < arguments.size(); i++) {
      String argument = arguments.get(i);
      if (WITH_VALUE.contains(argument)) {
        i++;
        values.computeIfAbsent(argument, key -> new ArrayList<>()).add(arguments.get(i));
      } else if (FLAGS.contains(argument)) {
        flags.add(argument);
      } else if (argument.startsWith("-")) {
        throw new SimulatedFailure(3, "%s: unrecognized option '%s'".formatted(command, argument));
      } else {
        positional.add(argument);
      }
    }
  }

  boolean has(String flag) {
    return flags.contains(flag);
  }

  List<String> all(String option) {
    return values.getOrDefault(option, List.of());
  }

  String value(String option) {
    return all(option).isEmpty() ? "" : all(option).get(0);
  }

  /** Reads "262144b". */
  long bytes(String option) {
    String text = value(option);
    if (!text.endsWith("b")) {
      throw new SimulatedFailure(3, "Size requires number argument.");
    }
    return Long.parseLong(text.substring(0, text.length() - 1));
  }

  /** Returns the name behind the volume group's. */
  static String lvName(String full) {
    return full.substring(full.indexOf('/') + 1);
  }

  static String vgName(String full) {
    return full.contains("/") ? full.substring(0, full.indexOf('/')) : full;
  }
}
