package io.cistern.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds docs/contract.md and the tests to each other. */
class ContractDocumentTest {
  private static final Path DOCUMENT = Path.of("..", "docs", "contract.md");
  private static final Pattern LINE = Pattern.compile("### (\\d+)|- `(\\w+)`");

  /** How many rules each of the sections has. */
  private static final List<Integer> RULES = List.of(11, 6, 15, 6, 8, 6, 4, 4, 4, 5);

  private static Set<Integer> rules(int sections) {
    return IntStream.rangeClosed(1, sections)
        .flatMap(
            section ->
                IntStream.rangeClosed(1, RULES.get(section - 1)).map(rule -> section * 100 + rule))
        .boxed()
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** The names of the tests that the document has under each rule. */
  private static Map<Integer, Set<String>> documented() throws IOException {
    Map<Integer, Set<String>> result = new TreeMap<>();
    int rule = 0;
    for (String line : Files.readAllLines(DOCUMENT)) {
      Matcher matcher = LINE.matcher(line);
      if (line.startsWith("## ")) {
        rule = 0;
      } else if (matcher.matches() && matcher.group(1) != null) {
        rule = Integer.parseInt(matcher.group(1));
        result.put(rule, new TreeSet<>());
      } else if (matcher.matches() && rule > 0) {
        result.get(rule).add(matcher.group(2));
      }
    }
    return result;
  }

  private static Stream<Method> tests() {
    return Stream.<Class<?>>iterate(PoolConformance.class, c -> c != null, Class::getSuperclass)
        .flatMap(c -> Arrays.stream(c.getDeclaredMethods()))
        .filter(method -> method.isAnnotationPresent(Test.class));
  }

  private static Map<Integer, Set<String>> annotated() {
    Map<Integer, Set<String>> result = new TreeMap<>();
    tests()
        .filter(method -> method.isAnnotationPresent(Rule.class))
        .forEach(
            method -> {
              for (int rule : method.getAnnotation(Rule.class).value()) {
                result.computeIfAbsent(rule, number -> new TreeSet<>()).add(method.getName());
              }
            });
    return result;
  }

  @Test
  void theDocumentHasEveryRule() throws IOException {
    assertThat(documented().keySet()).isEqualTo(rules(RULES.size()));
  }

  @Test
  void everyRuleThatADriverCanBeAskedHasATest() {
    assertThat(annotated().keySet()).containsAll(rules(8)).isSubsetOf(rules(RULES.size()));
  }

  @Test
  void theDocumentNamesExactlyTheTestsOfEachRule() throws IOException {
    Map<Integer, Set<String>> annotated = annotated();
    documented()
        .forEach(
            (rule, names) ->
                assertThat(names)
                    .as("rule %d in %s", rule, DOCUMENT)
                    .isEqualTo(annotated.getOrDefault(rule, Set.of())));
  }

  @Test
  void theDocumentNamesTheTestsThatHaveNoRule() throws IOException {
    String document = Files.readString(DOCUMENT);
    tests().forEach(test -> assertThat(document).contains("- `" + test.getName() + "`"));
  }

  @Test
  void aTestIsNamedByTheFirstOfItsRules() {
    tests()
        .filter(method -> method.isAnnotationPresent(Rule.class))
        .forEach(
            method ->
                assertThat(method.getName())
                    .startsWith("rule" + method.getAnnotation(Rule.class).value()[0] + "_"));
  }

  @Test
  void noTestHidesAnother() {
    assertThat(tests().map(Method::getName)).doesNotHaveDuplicates();
  }
}
