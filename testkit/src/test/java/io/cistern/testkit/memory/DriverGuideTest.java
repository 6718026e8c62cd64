package io.cistern.testkit.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The guide for the authors of drivers prints the driver that is compiled and tested here. */
class DriverGuideTest {
  private static final Path MODULE = Path.of(System.getProperty("basedir", ""));
  private static final Path GUIDE = MODULE.resolve("../docs/driver-guide.md");
  private static final Path TESTS = MODULE.resolve("src/test");
  private static final Path SOURCES = TESTS.resolve("java/io/cistern/testkit/memory");
  private static final Pattern BLOCK =
      Pattern.compile("^```\\w+ file=(\\S+)\\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);

  /** What the guide prints of each file, in the order of the guide. */
  private final Map<String, String> printed = new TreeMap<>();

  DriverGuideTest() throws IOException {
    Matcher block = BLOCK.matcher(Files.readString(GUIDE));
    while (block.find()) {
      printed.merge(block.group(1), block.group(2), String::concat);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Catalog.java",
        "MemoryDisk.java",
        "MemoryDriver.java",
        "MemoryFiles.java",
        "MemoryPool.java",
        "MemoryVolume.java",
        "VolumeImages.java",
        "MemoryConformanceTest.java"
      })
  void theGuidePrintsTheWholeFile(String file) throws IOException {
    assertThat(code(printed.getOrDefault(file, "")))
        .as("%s as docs/driver-guide.md prints it; after a change of the driver, mend that", file)
        .isEqualTo(code(Files.readString(SOURCES.resolve(file))));
  }

  @Test
  void theGuidePrintsNoFileThatIsNotThere() {
    assertThat(printed.keySet())
        .allMatch(
            file ->
                file.equals("module-info.java")
                    || Files.exists(SOURCES.resolve(file))
                    || Files.exists(TESTS.resolve("resources").resolve(file)));
  }

  @Test
  void theGuideRegistersTheDriverAsTheTestsDo() throws IOException {
    String services = "META-INF/services/io.cistern.storage.spi.PoolDriver";
    assertThat(printed.get(services))
        .isEqualTo(Files.readString(TESTS.resolve("resources").resolve(services)));
  }

  @Test
  void theDriverIsAModule(@TempDir Path directory) throws IOException {
    Path descriptor = directory.resolve("module-info.java");
    Files.writeString(descriptor, printed.get("module-info.java"));
    List<Path> sources = new ArrayList<>(List.of(descriptor));
    printed.keySet().stream()
        .filter(file -> file.matches("(?!module|.*Test).*\\.java"))
        .forEach(file -> sources.add(SOURCES.resolve(file)));
    assertThat(errors(sources, directory)).isEmpty();
  }

  private static String errors(List<Path> sources, Path output) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    List<String> options =
        List.of(
            "-proc:none",
            "-Xlint:-options",
            "--release",
            "17",
            "-d",
            output.toString(),
            "--module-path",
            System.getProperty("java.class.path"));
    StringWriter messages = new StringWriter();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      Iterable<? extends JavaFileObject> units = files.getJavaFileObjectsFromPaths(sources);
      boolean succeeded = compiler.getTask(messages, files, null, options, null, units).call();
      return succeeded ? "" : messages.toString();
    }
  }

  /** Leaves out what the guide leaves out, and what formatting changes. */
  private static String code(String text) {
    return String.join(
        "\n",
        text.lines()
            .map(String::strip)
            .filter(line -> !line.isEmpty() && !line.matches("(package|import) .*"))
            .toList());
  }
}
