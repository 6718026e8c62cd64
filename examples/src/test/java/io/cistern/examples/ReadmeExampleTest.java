package io.cistern.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the README prints is what is compiled, and what {@link ReadmeExampleIT} runs. */
class ReadmeExampleTest {
  private static final Path SOURCE =
      Path.of("src/main/java/io/cistern/examples/ReadmeExample.java");

  @Test
  void theFirstJavaBlockOfTheReadmeIsTheBodyOfTheExample() throws IOException {
    List<String> printed = between(module().resolveSibling("README.md"), "```java", "```");
    List<String> compiled = between(module().resolve(SOURCE), "// README begin", "// README end");

    assertThat(printed).isEqualTo(compiled);
  }

  /** Returns the lines after the first that is {@code begin}, without their common indentation. */
  private static List<String> between(Path file, String begin, String end) throws IOException {
    List<String> lines = Files.readAllLines(file);
    List<String> markers = lines.stream().map(String::strip).toList();
    int first = markers.indexOf(begin) + 1;
    assertThat(first).as("the line after '%s' in %s", begin, file).isPositive();
    int length = markers.subList(first, markers.size()).indexOf(end);
    assertThat(length).as("lines up to '%s' in %s", end, file).isPositive();
    return String.join("\n", lines.subList(first, first + length)).stripIndent().lines().toList();
  }

  /** Tests run in the directory of their module, or, in an editor, in that of the project. */
  private static Path module() {
    Path here = Path.of("").toAbsolutePath();
    return Files.exists(here.resolve(SOURCE)) ? here : here.resolve("examples");
  }
}
