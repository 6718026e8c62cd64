package io.cistern.examples.demo;

import io.cistern.examples.guest.Command;
import io.cistern.storage.PoolConfig;
import io.cistern.storage.Storage;
import io.cistern.storage.StorageException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CompletionException;

/** Another process, which tries to open the same pool. */
public final class SecondProcess {
  private SecondProcess() {}

  /** Tries, and prints why it can't. */
  public static void main(String[] arguments) {
    PoolConfig config =
        PoolConfig.builder(Stage.POOL, "file-reflink").set("dir_path", arguments[0]).build();
    try (Storage storage = Storage.builder().build()) {
      storage.open(config).join();
      System.out.println("The pool could be opened");
    } catch (CompletionException e) {
      StorageException refusal = StorageException.in(e);
      System.out.println(refusal == null ? e.toString() : refusal.getMessage());
    }
  }

  /** Runs it with the Java, and with the modules or classes, that this process has. */
  static String tryToOpen(Path pool) throws IOException {
    String modules = System.getProperty("jdk.module.path");
    String self = SecondProcess.class.getName();
    Command command = new Command(Path.of(System.getProperty("java.home"), "bin", "java"));
    if (modules == null) {
      command.and("--class-path", System.getProperty("java.class.path"), self);
    } else {
      String module = SecondProcess.class.getModule().getName();
      command.and("--module-path", modules, "--module", module + "/" + self);
    }
    return command.and(pool).run().strip();
  }
}
