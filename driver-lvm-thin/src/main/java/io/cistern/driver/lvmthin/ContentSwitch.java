package io.cistern.driver.lvmthin;

import io.cistern.linux.Undo;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Makes new content the committed one: the content goes aside, its successor gets its name. The
 * second rename is the switch. Before it everything is taken back, by whoever comes next if the
 * process dies; after it nothing is.
 */
final class ContentSwitch {
  private final LvmThinPool pool;
  private final LvmCommands commands;
  private final FreeName.Views views;

  ContentSwitch(LvmThinPool pool, FreeName.Views views) {
    this.pool = pool;
    this.commands = pool.commands();
    this.views = views;
  }

  /**
   * Switches.
   *
   * @param view what there is
   * @param successor the name of the new content, which is durable
   * @param retention what becomes of the content that is replaced, and of the revisions; said by
   *     the name that the first rename gives, which counts as soon as the second one is made
   */
  void run(VolumeView view, String successor, Retention retention) throws IOException {
    Optional<ThinLv> taken = view.taken();
    if (taken.isPresent()) {
      // What hides it is a tag of the content that goes aside now. Its name may say what was given
      // up before it, so that goes first.
      pool.reclaimer().giveUp(view.givenUp(), view.names());
      pool.reclaimer().giveUp(List.of(taken.get()), view.names());
    }
    Optional<ThinLv> content = view.content();
    if (content.isEmpty()) {
      take(view, view.names().content(), successor);
      return;
    }
    try (Undo undo = new Undo()) {
      String name = content.get().name();
      String aside = take(view, aside(view, content.get(), retention), name);
      undo.push(() -> commands.rename(aside, name));
      commands.rename(successor, name);
      undo.disarm();
    }
  }

  private String take(VolumeView view, String wanted, String lv) throws IOException {
    return FreeName.take(view, wanted, views, name -> commands.rename(lv, name));
  }

  private String aside(VolumeView view, ThinLv content, Retention retention) {
    List<ThinLv> older = view.revisions();
    if (!retention.keepsReplaced()) {
      long floor = retention.floor(older, view.lastNumber() + 1);
      return view.names().replaced(content.tags().content(), floor);
    }
    long now = Math.max(1, pool.now().getEpochSecond());
    long number = Math.max(now, view.lastNumber() + 1);
    return view.names().revision(number, now, retention.floor(older, number));
  }

  static Instant created(ThinLv revision) {
    return Instant.ofEpochSecond(revision.parsed().time());
  }
}
