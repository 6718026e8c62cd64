package io.cistern.examples.demo;

import io.cistern.storage.StorageException;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/**
 * VM disks through their whole life, on a real directory. Ends with 0 if everything was as it says
 * it is, with 1 if not, with 2 for a wrong command line.
 */
public final class Demo {
  private static final List<Act> ACTS =
      List.of(
          new Act("A directory becomes a pool", OpenPool::play),
          new Act("A root image becomes a template", ImportTemplate::play),
          new Act("Three VMs start from the template", StartVms::play),
          new Act("The guests write", WriteInside::play),
          new Act("The VMs stop", StopVms::play),
          new Act("The template is updated under running VMs", UpdateTemplate::play),
          new Act("Revisions, and back to one of them", RevertDisk::play),
          new Act("A disk grows under a running VM", ResizeDisk::play),
          new Act("A VM is cloned, another one backed up", CloneVm::play),
          new Act("What is refused", Refusals::play));
  private static final Act LAST = new Act("Everything is removed", RemoveAll::play);

  private Demo() {}

  /** Runs it; see {@link DemoOptions#USAGE}. */
  public static void main(String[] arguments) {
    System.exit(run(List.of(arguments), System.out));
  }

  private static int run(List<String> arguments, PrintStream out) {
    DemoOptions options;
    try {
      options = DemoOptions.parse(arguments);
    } catch (IllegalArgumentException e) {
      out.println(e.getMessage());
      return 2;
    }
    try {
      play(options, new Narrator(out, options.terminal()));
      return 0;
    } catch (ExpectationException e) {
      out.println();
      out.println("NOT AS EXPECTED: " + e.getMessage());
    } catch (IOException | RuntimeException e) {
      out.println();
      StorageException failure = StorageException.in(e);
      out.println("FAILED: " + (failure == null ? e : failure).getMessage());
      e.printStackTrace(out);
    }
    return 1;
  }

  private static void play(DemoOptions options, Narrator narrator) throws IOException {
    List<Act> acts = new ArrayList<>(ACTS);
    if (!options.keep()) {
      acts.add(LAST);
    }
    try (Stage stage = new Stage(options, narrator)) {
      stage.showIntroduction();
      for (int i = 0; i < acts.size(); i++) {
        stage.play(i + 1, acts.get(i));
      }
      stage.showSummary();
    }
  }
}
