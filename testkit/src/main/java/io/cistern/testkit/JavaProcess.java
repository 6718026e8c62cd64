package io.cistern.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Another JVM, with the class path of this one, on which its modules are, too. */
final class JavaProcess {
  /** Where it writes its errors. */
  static final Path ERRORS = Path.of("target", "victim-errors.txt");

  private JavaProcess() {}

  /** Starts it; it takes its orders from its standard input. */
  static Process start(Class<?> main) throws IOException {
    String logging = "logback.configurationFile";
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-D%s=%s".formatted(logging, System.getProperty(logging, "")),
            "-cp",
            classPath(),
            main.getName());
    Files.createDirectories(ERRORS.getParent());
    return new ProcessBuilder(command)
        .redirectError(ProcessBuilder.Redirect.appendTo(ERRORS.toFile()))
        .start();
  }

  private static String classPath() {
    return Stream.of("java.class.path", "jdk.module.path")
        .map(property -> System.getProperty(property, ""))
        .filter(path -> !path.isEmpty())
        .collect(Collectors.joining(System.getProperty("path.separator")));
  }
}
