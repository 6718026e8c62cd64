import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;

/**
 * Sums up the reports of all modules' tests for dev/test, which runs this file as it is. Fails if a
 * test failed, if a test of a suite of the testkit was skipped, and if there was no test.
 *
 * <p>Tests in a guest count as all others, once for each variant of the guest. What did not happen
 * there is a failed test in the report: an expected class without a report, and a guest that ended
 * with another exit code than its tests explain. Which classes were expected in which guest, and what
 * it left, is in target/guest-reports, as dev/lib/guest-tests.sh has written it; without that
 * directory, none was to run.
 */
final class TestReport {
  private static final Map<String, String> VARIANTS =
      new TreeMap<>(Map.of("plain", "in the guest", "udev", "in the guest with udev"));

  private static final Pattern CONFORMANCE =
      Pattern.compile("\\w*?(Btrfs|Xfs|Ext4|)Conformance\\w*");

  /** What subclasses a suite of the testkit is called. */
  private static final Pattern SUITE =
      Pattern.compile(
          "(Conformance|Fault|Full|Kill|PowerCut|WriteLog|Model|Abuse|Rival)(GuestIT|IT|Test)\\b");

  private static final int LONGEST = 25;

  private enum Outcome {
    PASSED,
    FAILED,
    SKIPPED
  }

  private record Case(
      String module, String className, String name, Outcome outcome, String why, double seconds) {
    static Case failed(String module, String className, String why) {
      return new Case(module, className, "", Outcome.FAILED, why, 0);
    }

    boolean isConformance() {
      return CONFORMANCE.matcher(className).find();
    }

    boolean isOfSuite() {
      return isConformance() || SUITE.matcher(className).find();
    }

    String fileSystem() {
      Matcher matcher = CONFORMANCE.matcher(className);
      return matcher.find() && !matcher.group(1).isEmpty()
          ? matcher.group(1).toLowerCase(Locale.ROOT)
          : "other";
    }

    String simpleName() {
      return className.substring(className.lastIndexOf('.') + 1);
    }

    @Override
    public String toString() {
      return simpleName() + (name.isEmpty() ? "" : "." + name) + ": " + why;
    }
  }

  private TestReport() {}

  /** Takes the directory of the parent project. */
  public static void main(String[] args) throws Exception {
    Path root = Path.of(args[0]);
    List<Case> cases = read(root);
    cases.addAll(readGuests(root.resolve("target/guest-reports")));
    List<Case> skippedOfSuites =
        cases.stream().filter(c -> c.isOfSuite() && c.outcome == Outcome.SKIPPED).toList();

    System.out.println();
    printCounts("By module", cases, Case::module);
    printCounts(
        "Conformance, by file system",
        cases.stream().filter(Case::isConformance).toList(),
        c -> c.fileSystem() + ", " + c.module);
    printLongest(cases);
    printCases("Failed", cases.stream().filter(c -> c.outcome == Outcome.FAILED).toList());
    printCases("Skipped", cases.stream().filter(c -> c.outcome == Outcome.SKIPPED).toList());
    printCases("Skipped, but must not be: this driver is unproven", skippedOfSuites);
    System.out.println(counts(cases));

    boolean failed = cases.stream().anyMatch(c -> c.outcome == Outcome.FAILED);
    System.exit(failed || cases.isEmpty() || !skippedOfSuites.isEmpty() ? 1 : 0);
  }

  private static List<Case> read(Path root) throws Exception {
    List<Case> cases = new ArrayList<>();
    for (Path report : reports(root, "[^/]+/target/(surefire|failsafe)-reports/TEST-[^/]+\\.xml")) {
      cases.addAll(readReport(root.relativize(report).getName(0).toString(), report));
    }
    return cases;
  }

  private static List<Case> readGuests(Path directory) throws Exception {
    List<Case> cases = new ArrayList<>();
    if (Files.isDirectory(directory)) {
      for (Path expected : reports(directory, "[^/]+/classes")) {
        Path guest = expected.getParent();
        String variant = Files.readString(guest.resolve("variant")).strip();
        cases.addAll(readGuest(guest, VARIANTS.get(variant), Files.readAllLines(expected)));
      }
    }
    return cases;
  }

  /** Takes a line, a module and a class, for each class that should have run. */
  private static List<Case> readGuest(Path guest, String place, List<String> expected)
      throws Exception {
    List<Case> cases = new ArrayList<>();
    for (String line : expected) {
      String module = line.substring(0, line.indexOf(' '));
      String className = line.substring(line.indexOf(' ') + 1);
      List<Case> ofClass = new ArrayList<>();
      for (Path report : reports(guest.resolve("results"), module + "/TEST-[^/]+\\.xml")) {
        readReport(module + " " + place, report).stream()
            .filter(c -> (c.className + "$").startsWith(className + "$"))
            .forEach(ofClass::add);
      }
      if (ofClass.isEmpty()) {
        String why = "did not run " + place;
        ofClass.add(Case.failed(module + " " + place, className, why));
      }
      cases.addAll(ofClass);
    }

    Path exitCode = guest.resolve("exit-code");
    String code = Files.exists(exitCode) ? Files.readString(exitCode).strip() : "none";
    boolean failed = cases.stream().anyMatch(c -> c.outcome == Outcome.FAILED);
    if (!code.equals("0") && !(code.equals("1") && failed)) {
      String why = "ended with exit code " + code + "; what it printed is in " + guest;
      cases.add(Case.failed("all " + place, guest.getFileName().toString(), why));
    }
    if (Files.exists(guest.resolve("crash-exit-code"))) {
      System.out.println();
      boolean still = Files.exists(guest.resolve("crash-stood-still"));
      System.out.println(
          (still ? "All stood still " : "The JVM crashed ")
              + place
              + ", and the tests ran again. See "
              + guest
              + "/crash-*");
    }
    return cases;
  }

  private static List<Case> readReport(String module, Path report) throws Exception {
    DocumentBuilder parser = DocumentBuilderFactory.newInstance().newDocumentBuilder();
    NodeList elements = parser.parse(report.toFile()).getElementsByTagName("testcase");
    List<Case> cases = new ArrayList<>();
    for (int i = 0; i < elements.getLength(); i++) {
      cases.add(testCase(module, (Element) elements.item(i)));
    }
    return cases;
  }

  /** The files in a directory, or below it, whose relative path is like a regular expression. */
  private static List<Path> reports(Path directory, String regex) throws IOException {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    Pattern report = Pattern.compile(regex);
    try (Stream<Path> files = Files.walk(directory, 4)) {
      return files
          .filter(file -> report.matcher(directory.relativize(file).toString()).matches())
          .sorted()
          .toList();
    }
  }

  private static Case testCase(String module, Element element) {
    Outcome outcome = Outcome.PASSED;
    String why = "";
    for (Node child = element.getFirstChild(); child != null; child = child.getNextSibling()) {
      switch (child.getNodeName()) {
        case "failure", "error" -> outcome = Outcome.FAILED;
        case "skipped" -> outcome = Outcome.SKIPPED;
        default -> {
          continue;
        }
      }
      why = reason((Element) child);
      break;
    }
    // As Surefire writes it, without an empty list of parameters.
    String name = element.getAttribute("name").replaceFirst("\\(\\)$", "");
    // As JUnit's launcher writes it if it is more than 999 s, too.
    double seconds = Double.parseDouble(element.getAttribute("time").replace(",", ""));
    return new Case(module, element.getAttribute("classname"), name, outcome, why, seconds);
  }

  private static String reason(Element element) {
    String message = element.getAttribute("message");
    String text = message.isBlank() ? element.getTextContent() : message;
    return text.strip()
        .replaceFirst("^([\\w.]+: )?Assumption failed: ", "")
        .lines()
        .findFirst()
        .orElse("no reason was given");
  }

  private static void printCounts(String title, List<Case> cases, Function<Case, String> group) {
    if (!cases.isEmpty()) {
      System.out.println(title);
      Map<String, List<Case>> groups =
          cases.stream().collect(groupingBy(group, TreeMap::new, toList()));
      int width = groups.keySet().stream().mapToInt(String::length).max().orElse(0);
      String format = "  %-" + Math.max(width, 20) + "s %s%n";
      groups.forEach((name, its) -> System.out.printf(format, name, counts(its)));
      System.out.println();
    }
  }

  /** Where the time went, so that whoever adds tests knows what to leave out. */
  private static void printLongest(List<Case> cases) {
    Map<String, Double> seconds = new TreeMap<>();
    cases.forEach(c -> seconds.merge(c.simpleName() + ", " + c.module, c.seconds, Double::sum));
    System.out.println("Took longest, in seconds");
    seconds.entrySet().stream()
        .sorted(Map.Entry.<String, Double>comparingByValue().reversed())
        .limit(LONGEST)
        .forEach(e -> System.out.printf(Locale.ROOT, "  %6.0f %s%n", e.getValue(), e.getKey()));
    System.out.println();
  }

  private static void printCases(String title, List<Case> cases) {
    if (!cases.isEmpty()) {
      System.out.println(title);
      cases.forEach(c -> System.out.println("  " + c));
      System.out.println();
    }
  }

  private static String counts(List<Case> cases) {
    return Stream.of(Outcome.values())
        .map(
            outcome ->
                cases.stream().filter(c -> c.outcome == outcome).count()
                    + " "
                    + outcome.name().toLowerCase(Locale.ROOT))
        .reduce((a, b) -> a + ", " + b)
        .orElseThrow();
  }
}
