package io.cistern.driver.lvmthin;

import io.cistern.linux.DeviceMapper;
import io.cistern.linux.DeviceTarget;
import io.cistern.linux.MappedDevice;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Looks down from a device to what it lies on, through encryption and other layers. */
final class DeviceStack {
  private static final Pattern NUMBER = Pattern.compile("\\b\\d+:\\d+\\b");

  private final DeviceMapper mapper;

  DeviceStack(DeviceMapper mapper) {
    this.mapper = mapper;
  }

  /** Tells whether a device, or one that it lies on, is a volume of the thin pool. */
  boolean liesOnThinPool(String majorMinor, String poolDevice) throws IOException {
    Optional<MappedDevice> pool = mapper.device(poolDevice);
    if (pool.isEmpty()) {
      return false;
    }
    Map<String, String> names = namesByNumber();
    Set<String> seen = new HashSet<>();
    Deque<String> open = new ArrayDeque<>(Set.of(majorMinor));
    while (!open.isEmpty()) {
      String number = open.pop();
      String name = names.get(number);
      if (name == null || !seen.add(number)) {
        continue;
      }
      for (DeviceTarget target : mapper.tableIfPresent(name)) {
        Matcher below = NUMBER.matcher(target.parameters());
        while (below.find()) {
          if (target.type().equals("thin") && below.group().equals(pool.get().number())) {
            return true;
          }
          open.push(below.group());
        }
      }
    }
    return false;
  }

  private Map<String, String> namesByNumber() throws IOException {
    Map<String, String> names = new HashMap<>();
    for (String name : mapper.names()) {
      Optional<MappedDevice> device = mapper.device(name);
      device.ifPresent(found -> names.put(found.number(), name));
    }
    return names;
  }
}
