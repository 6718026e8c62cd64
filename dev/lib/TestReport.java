import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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
 * test failed, if a conformance test was skipped, and if there was no test.
 */
final class TestReport {
  private static final Pattern CONFORMANCE =
      Pattern.compile("\\w*?(Btrfs|Xfs|Ext4|)Conformance\\w*");

  private enum Outcome {
    PASSED,
    FAILED,
    SKIPPED
  }

  private record Case(String module, String className, String name, Outcome outcome, String why) {
    boolean isConformance() {
      return CONFORMANCE.matcher(className).find();
    }

    String fileSystem() {
      Matcher matcher = CONFORMANCE.matcher(className);
      return matcher.find() && !matcher.group(1).isEmpty()
          ? matcher.group(1).toLowerCase(Locale.ROOT)
          : "other";
    }

    @Override
    public String toString() {
      String simpleName = className.substring(className.lastIndexOf('.') + 1);
      return simpleName + (name.isEmpty() ? "" : "." + name) + ": " + why;
    }
  }

  private TestReport() {}

  /** Takes the directory of the parent project. */
  public static void main(String[] args) throws Exception {
    List<Case> cases = read(Path.of(args[0]));
    List<Case> skippedConformance =
        cases.stream().filter(c -> c.isConformance() && c.outcome == Outcome.SKIPPED).toList();

    System.out.println();
    printCounts("By module", cases, Case::module);
    printCounts(
        "Conformance, by file system",
        cases.stream().filter(Case::isConformance).toList(),
        Case::fileSystem);
    printCases("Failed", cases.stream().filter(c -> c.outcome == Outcome.FAILED).toList());
    printCases("Skipped", cases.stream().filter(c -> c.outcome == Outcome.SKIPPED).toList());
    printCases(
        "Skipped, but must not be: this driver's conformance is unproven", skippedConformance);
    System.out.println(counts(cases));

    boolean failed = cases.stream().anyMatch(c -> c.outcome == Outcome.FAILED);
    System.exit(failed || cases.isEmpty() || !skippedConformance.isEmpty() ? 1 : 0);
  }

  private static List<Case> read(Path root) throws Exception {
    DocumentBuilder parser = DocumentBuilderFactory.newInstance().newDocumentBuilder();
    List<Case> cases = new ArrayList<>();
    for (Path report : reports(root)) {
      NodeList elements = parser.parse(report.toFile()).getElementsByTagName("testcase");
      for (int i = 0; i < elements.getLength(); i++) {
        cases.add(
            testCase(root.relativize(report).getName(0).toString(), (Element) elements.item(i)));
      }
    }
    return cases;
  }

  private static List<Path> reports(Path root) throws IOException {
    Pattern report = Pattern.compile("[^/]+/target/(surefire|failsafe)-reports/TEST-[^/]+\\.xml");
    try (Stream<Path> files = Files.walk(root, 4)) {
      return files
          .filter(file -> report.matcher(root.relativize(file).toString()).matches())
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
    return new Case(
        module, element.getAttribute("classname"), element.getAttribute("name"), outcome, why);
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
      cases.stream()
          .collect(groupingBy(group, TreeMap::new, toList()))
          .forEach((name, its) -> System.out.printf("  %-20s %s%n", name, counts(its)));
      System.out.println();
    }
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
