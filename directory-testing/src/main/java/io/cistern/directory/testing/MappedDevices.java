package io.cistern.directory.testing;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What the kernel holds of the devices of device-mapper. */
public final class MappedDevices {
  private MappedDevices() {}

  /** Adds what device-mapper has to what else there is: names, tables, and what is suspended. */
  public static Map<String, String> addTo(Map<String, String> others) throws IOException {
    Map<String, String> all = new TreeMap<>(others);
    for (List<String> question :
        List.of(
            List.of("dmsetup", "table"),
            List.of("dmsetup", "table", "--inactive"),
            List.of("dmsetup", "info", "--columns", "-o", "name,uuid,attr,suspended"))) {
      all.put(String.join(" ", question), Command.run(question.toArray(String[]::new)));
    }
    return all;
  }
}
