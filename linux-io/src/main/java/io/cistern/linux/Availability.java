package io.cistern.linux;

import com.sun.jna.LastErrorException;
import com.sun.jna.Native;
import com.sun.jna.Platform;
import java.util.Objects;
import java.util.Optional;

/** Tries once whether native calls work, and says what is missing if they do not. */
final class Availability {
  static final Optional<String> PROBLEM = probe();

  private Availability() {}

  private static Optional<String> probe() {
    try {
      if (!Platform.isLinux()) {
        return Optional.of("Cistern needs Linux, this is " + System.getProperty("os.name"));
      }
      if (Native.LONG_SIZE != 8) {
        return Optional.of("Cistern needs a 64-bit JVM, this is " + Platform.ARCH);
      }
      return Architecture.current().unsupported().or(Availability::probeCalls);
    } catch (LinkageError | RuntimeException e) {
      // IllegalCallerException where native access is denied, UnsatisfiedLinkError where JNA
      // cannot unpack or load its library.
      return Optional.of(nativeAccess(e));
    }
  }

  private static Optional<String> probeCalls() {
    try {
      LibC.fsync(-1);
    } catch (LastErrorException e) {
      // EBADF, as it should be: the call was made.
    }
    Objects.requireNonNull(VariadicLibC.INSTANCE);
    try {
      Statx.quietly("/");
    } catch (UnsatisfiedLinkError e) {
      return Optional.of("Cistern needs glibc 2.28 or later: " + e.getMessage());
    }
    return Optional.empty();
  }

  private static String nativeAccess(Throwable cause) {
    Module jna = Native.class.getModule();
    String module = jna.isNamed() ? jna.getName() : "ALL-UNNAMED";
    return "JNA cannot make native calls ("
        + cause
        + "). Start the JVM with --enable-native-access="
        + module
        + "; if that is set, name a directory that is not mounted noexec with -Djna.tmpdir";
  }
}
