package io.cistern.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** What nobody sane gives a storage: written by hand first, then from a seed. */
final class Abuse {
  /** What names are made of in file systems, volume groups, shells, and in the drivers here. */
  private static final List<String> PIECES =
      List.of(
          "vm",
          "a",
          "root",
          "A",
          "0",
          "-",
          "--",
          "_",
          ".",
          "..",
          "/",
          "//",
          "@",
          "~",
          ":",
          "+",
          "%",
          "*",
          "?",
          "[a]",
          "$a",
          "`",
          "'",
          "\"",
          "\\",
          " ",
          "\t",
          "\n",
          "\0",
          "\u001b[2J",
          "\u00e4",
          "a\u0308",
          "\u202e",
          "\ud83d",
          "-snap",
          "-import",
          "-back",
          "-1-back",
          "@1",
          "@in-place",
          "~dirty",
          "~import",
          ".img",
          "-cow.img",
          "-cow.img.old",
          ".lock",
          "pool",
          "tdata",
          "_tmeta",
          "lvol0",
          "pvmove0",
          "snapshot",
          "=",
          ",",
          "#",
          "x".repeat(60));

  private static final List<String> VALUES =
      List.of(
          "",
          " ",
          "-1",
          "0",
          "00",
          "+1",
          "1.5",
          "1e9",
          "0x10",
          "9223372036854775808",
          "-9223372036854775809",
          "99999999999999999999999",
          "NaN",
          "NaN:NaN",
          "1:2:3",
          "yes",
          "YES",
          "true",
          "tRuE",
          "no",
          "null",
          "\0",
          "\n",
          "\u0661",
          "vm/",
          "/",
          "..",
          "%s%n",
          "x".repeat(10_000));

  private static final int MOST_PIECES = 5;
  private static final long LARGEST_HELD = 1L << 22;

  private final Random random = new Random(Scenario.SEED);

  Random random() {
    return random;
  }

  List<String> names(int tries) {
    Stream<String> alone = PIECES.stream().flatMap(piece -> Stream.of(piece, "vm/" + piece));
    Stream<String> plain = Stream.of("vm/a", "vm/a-b", "vm/a/b", "vm-1/a b", "vm/a_b%2Fc");
    Stream<String> mixed = Stream.generate(this::name).limit(tries);
    return Stream.concat(alone, Stream.concat(plain, mixed).flatMap(Abuse::alike))
        .distinct()
        .toList();
  }

  /** With names that a driver might take for it, which may be as improper as itself. */
  private static Stream<String> alike(String name) {
    return Stream.of(
        name,
        name + "2",
        name + "-1",
        name.replace('/', '-'),
        name.replace('/', '_'),
        name.replace("/", "%2F"),
        name.replace("-", "--"),
        name.replace('+', ' '),
        name.toUpperCase(Locale.ROOT));
  }

  private String name() {
    return random
        .ints(1 + random.nextInt(MOST_PIECES), 0, PIECES.size())
        .mapToObj(PIECES::get)
        .collect(Collectors.joining());
  }

  List<Long> numbers(int tries) {
    LongStream edges =
        LongStream.of(Long.MIN_VALUE, -1, 0, 1, 2, 3, 1L << 31, 1L << 32, 1L << 53, Long.MAX_VALUE);
    return LongStream.concat(edges, random.longs(tries)).boxed().toList();
  }

  /** None that a file system may take and nobody can copy; and those that rounding overflows. */
  List<Long> sizes(int tries, long granule) {
    List<Long> sizes = new ArrayList<>(List.of(Long.MIN_VALUE, -granule, -1L, 0L, 1L, 511L, 513L));
    sizes.addAll(List.of(granule - 1, granule, granule + 1, 3 * granule - 1, LARGEST_HELD));
    sizes.addAll(List.of(Long.MAX_VALUE, Long.MAX_VALUE - granule + 1, Long.MAX_VALUE / 2 + 1));
    random.longs(tries / 4, 1, LARGEST_HELD).forEach(sizes::add);
    return sizes;
  }

  List<String> values(int tries) {
    return Stream.concat(VALUES.stream(), Stream.generate(this::name).limit(tries / 4)).toList();
  }

  /** With an escape for whatever could spoil a terminal. */
  static String visible(String text) {
    String shown =
        text.codePoints()
            .mapToObj(c -> c < ' ' || c > '~' ? "\\u%04x".formatted(c) : Character.toString(c))
            .collect(Collectors.joining());
    return shown.length() > 100 ? shown.substring(0, 100) + "..." : shown;
  }
}
