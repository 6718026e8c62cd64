package io.cistern.directory.testing;

import io.cistern.testkit.disk.Command;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What there is of the devices of device-mapper. */
public final class MappedDevices {
  private MappedDevices() {}

  /**
   * Adds it to what else there is: names, tables, what is suspended, how much of a store or a thin
   * volume is in use, and the links to the devices. Opens none of them.
   */
  public static Map<String, String> addTo(Map<String, String> others) throws IOException {
    Map<String, String> all = new TreeMap<>(others);
    for (List<String> question :
        List.of(
            List.of("dmsetup", "table"),
            List.of("dmsetup", "table", "--inactive"),
            List.of("dmsetup", "status", "--noflush"),
            List.of("dmsetup", "info", "--columns", "-o", "name,uuid,attr,suspended"),
            List.of("find", "/dev", "-type", "l", "-printf", "%p %l\\n"))) {
      all.put(String.join(" ", question), Command.run(question.toArray(String[]::new)));
    }
    return all;
  }
}
