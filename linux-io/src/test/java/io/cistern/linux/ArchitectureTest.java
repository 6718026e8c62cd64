package io.cistern.linux;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ArchitectureTest {

  @ParameterizedTest
  @CsvSource({
    "x86-64, 40049409, c020660b",
    "aarch64, 40049409, c020660b",
    "riscv64, 40049409, c020660b",
    "s390x, 40049409, c020660b",
    "ppc64le, 80049409, c020660b",
    "mips64el, 80049409, c020660b",
    "sparcv9, 80049409, c020660b"
  })
  void ioctlNumbersAreThoseOfTheKernelHeaders(String name, String clone, String fiemap) {
    Architecture architecture = Architecture.of(name);

    assertThat(Long.toHexString(OpenFile.cloneRequest(architecture))).isEqualTo(clone);
    assertThat(Long.toHexString(Fiemap.request(architecture))).isEqualTo(fiemap);
  }

  @ParameterizedTest
  @CsvSource({
    "x86-64, 200000, 400000",
    "riscv64, 200000, 400000",
    "s390x, 200000, 400000",
    "loongarch64, 200000, 400000",
    "aarch64, 40000, 100000",
    "armv7l, 40000, 100000",
    "ppc64le, 40000, 100000"
  })
  void openFlagsAreThoseOfTheKernelHeaders(String name, String directory, String noFollow) {
    Architecture architecture = Architecture.of(name);

    assertThat(Integer.toOctalString(architecture.openDirectory)).isEqualTo(directory);
    assertThat(Integer.toOctalString(architecture.openNoFollow)).isEqualTo(noFollow);
  }

  @Test
  void architecturesWithErrorNumbersOfTheirOwnAreRefused() {
    assertThat(Architecture.of("mips64el").unsupported()).isPresent();
    assertThat(Architecture.of("sparcv9").unsupported()).isPresent();
    assertThat(Architecture.of("x86-64").unsupported()).isEmpty();
    assertThat(Architecture.of("aarch64").unsupported()).isEmpty();
  }

  @Test
  void theMachineOfTheTestIsSupported() {
    assertThat(Linux.unavailable()).isEmpty();
  }
}
