package io.cistern.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The arrows between the modules run one way, as docs/architecture.md says. */
class ModuleArrowsTest {
  private static final String STORAGE = "io.cistern.storage..";
  private static final String LINUX = "io.cistern.linux..";
  private static final String DIRECTORY = "io.cistern.directory..";
  private static final String DRIVERS = "io.cistern.driver..";
  private static final String TESTKIT = "io.cistern.testkit..";
  private static final String SUITES = "io.cistern.testkit";
  private static final String DISKS = "io.cistern.testkit.disk..";
  private static final String EXAMPLES = "io.cistern.examples..";

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.cistern");

  private static final ArchRule STORAGE_STANDS_ALONE =
      noClasses()
          .that()
          .resideInAPackage(STORAGE)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              LINUX,
              DIRECTORY,
              DRIVERS,
              TESTKIT,
              EXAMPLES,
              "com.sun.jna..",
              "org.junit..",
              "org.assertj..");

  static List<ArchRule> arrows() {
    return List.of(
        STORAGE_STANDS_ALONE,
        noClasses()
            .that()
            .resideInAPackage(LINUX)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(STORAGE, DIRECTORY, DRIVERS, TESTKIT, EXAMPLES),
        noClasses()
            .that()
            .resideInAPackage(DIRECTORY)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(DRIVERS, TESTKIT, EXAMPLES, "com.sun.jna..", "org.junit.."),
        noClasses()
            .that()
            .resideInAPackage(DRIVERS)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(TESTKIT, EXAMPLES, "com.sun.jna..", "org.junit.."),
        classes()
            .that()
            .resideInAPackage(SUITES)
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                SUITES,
                STORAGE,
                "java..",
                "org.junit..",
                "org.opentest4j..",
                "org.assertj..",
                "org.jspecify.."),
        classes()
            .that()
            .resideInAPackage(DISKS)
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(DISKS, SUITES, LINUX, "java..", "com.sun.jna..", "org.jspecify.."),
        noClasses()
            .that()
            .resideInAnyPackage(STORAGE, LINUX, DIRECTORY, DRIVERS, TESTKIT)
            .should()
            .haveSimpleNameEndingWith("Impl")
            .orShould()
            .haveSimpleNameEndingWith("Helper")
            .orShould()
            .haveSimpleNameEndingWith("Util")
            .orShould()
            .haveSimpleNameEndingWith("Utils")
            .orShould()
            .haveSimpleNameEndingWith("Manager"),
        noClasses()
            .that()
            .resideInAnyPackage(STORAGE, LINUX, DIRECTORY, DRIVERS, TESTKIT)
            .should()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.io.File"));
  }

  @ParameterizedTest
  @MethodSource("arrows")
  void arrowsRunOneWay(ArchRule rule) {
    rule.check(CLASSES);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "io.cistern.storage",
        "io.cistern.linux",
        "io.cistern.directory",
        "io.cistern.driver.reflink",
        "io.cistern.driver.file",
        "io.cistern.driver.lvmthin",
        "io.cistern.testkit",
        "io.cistern.testkit.disk",
        "io.cistern.examples"
      })
  void classesOfEachModuleAreLookedAt(String packageName) {
    assertThat(CLASSES.stream().filter(type -> type.getPackageName().startsWith(packageName)))
        .hasSizeGreaterThan(5);
  }

  @Test
  void theProviderIsTheOnlyPublicClassOfADriver() {
    assertThat(CLASSES)
        .filteredOn(type -> type.getPackageName().startsWith("io.cistern.driver"))
        .filteredOn(type -> type.getModifiers().contains(JavaModifier.PUBLIC))
        .extracting(JavaClass::getSimpleName)
        .containsExactlyInAnyOrder("ReflinkDriver", "FileDriver", "LvmThinDriver");
  }

  @Test
  void aClassThatBreaksAnArrowIsNoticed() {
    JavaClasses wrong =
        new ClassFileImporter().importPackages("io.cistern.storage.wrong", "io.cistern.linux");

    assertThatThrownBy(() -> STORAGE_STANDS_ALONE.check(wrong))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("UsesLinux");
  }
}
