package io.cistern.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.cistern.storage.Storage;
import io.cistern.storage.spi.PoolDriver;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a module shows to those who use it. */
class SignaturesTest {
  private static final List<String> HIDDEN = List.of("com.google.", "com.sun.jna", "org.junit");

  @Test
  void noHiddenLibraryShowsInAPublicSignature() {
    List<String> shown = new ArrayList<>();
    int looked = 0;
    for (JavaClass type : exported()) {
      for (JavaCodeUnit unit : type.getCodeUnits()) {
        Set<JavaModifier> modifiers = unit.getModifiers();
        if (modifiers.contains(JavaModifier.PUBLIC) || modifiers.contains(JavaModifier.PROTECTED)) {
          looked++;
          types(unit).stream()
              .filter(name -> HIDDEN.stream().anyMatch(name::startsWith))
              .forEach(name -> shown.add(unit.getFullName() + " shows " + name));
        }
      }
    }
    assertThat(shown).isEmpty();
    assertThat(looked).isGreaterThan(200);
  }

  @Test
  void driversAreFoundOnTheClassPath() {
    assertThat(ServiceLoader.load(PoolDriver.class))
        .extracting(PoolDriver::name)
        .contains("file-reflink", "file");
    try (Storage storage = Storage.builder().build()) {
      assertThat(storage.drivers())
          .extracting(driver -> driver.name())
          .contains("file-reflink", "file");
    }
  }

  private static List<JavaClass> exported() {
    return new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.cistern.storage", "io.cistern.linux")
            .stream()
            .filter(type -> type.getModifiers().contains(JavaModifier.PUBLIC))
            .toList();
  }

  private static List<String> types(JavaCodeUnit unit) {
    List<String> names = new ArrayList<>();
    names.add(unit.getRawReturnType().getName());
    unit.getRawParameterTypes().forEach(type -> names.add(type.getName()));
    return names;
  }
}
