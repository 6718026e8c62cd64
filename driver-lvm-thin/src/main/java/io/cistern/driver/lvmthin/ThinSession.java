package io.cistern.driver.lvmthin;

import io.cistern.linux.Undo;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.spi.DriverException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The session of a volume: start, continue, commit, discard. */
final class ThinSession {
  private final LvmThinPool pool;
  private final VolumeLvs lvs;

  /** What this process has started, so that no report is needed to tell the device. */
  private volatile @Nullable String started;

  ThinSession(LvmThinPool pool, VolumeLvs lvs) {
    this.pool = pool;
    this.lvs = lvs;
  }

  /** What is done with content while it keeps its name. */
  interface Reader {
    /** Does it. */
    void read(ThinLv content) throws IOException;
  }

  /** Content of another volume. */
  interface Source {
    /** Has it read. */
    void read(Reader reader) throws IOException;
  }

  /**
   * Starts with a snapshot of another volume's content; one that is saved replaces the own. That
   * one keeps its name until the snapshot is made, and no longer: what follows takes names itself.
   */
  void startFromSource(VolumeView view, Source source, boolean writable, boolean saved)
      throws IOException {
    LvTags tags =
        saved ? view.successorTags().readOnly(!writable) : LvTags.fresh(lvs.names().base());
    begin(
        view,
        name ->
            source.read(
                content ->
                    pool.commands()
                        .snapshot(
                            content.name(),
                            name,
                            writable,
                            tags.from(content.tags().identity()).texts())));
  }

  /** Starts with a snapshot of the own content. */
  void startFromOwn(VolumeView view, ThinLv content, boolean writable) throws IOException {
    List<String> tags = view.successorTags().readOnly(!writable).texts();
    begin(view, name -> pool.commands().snapshot(content.name(), name, writable, tags));
  }

  void startEmpty(VolumeView view, long size) throws IOException {
    List<String> tags = LvTags.fresh(lvs.names().base()).texts();
    begin(view, name -> pool.commands().create(name, size, tags));
  }

  /**
   * One command, and what it makes is durable when it ends. A session that nobody can use, or that
   * may be gone after a power failure, is none (rule 312).
   */
  private void begin(VolumeView view, FreeName.Naming making) throws IOException {
    try (Undo undo = new Undo()) {
      undo.push(this::dropSession);
      String name = lvs.named(view, lvs.names().session(), making);
      pool.devices().awaitPath(name);
      undo.disarm();
      started = name;
    }
  }

  private void dropSession() throws IOException {
    Optional<ThinLv> session = lvs.view().session();
    if (session.isPresent()) {
      lvs.drop(session.get());
    }
  }

  void startInPlace(ThinLv content) throws IOException {
    lvs.activate(content.name());
    try (Undo undo = new Undo()) {
      undo.push(this::dropInPlace);
      pool.commands().changeTags(content.name(), List.of(LvTags.IN_PLACE), List.of());
      undo.disarm();
    }
    started = content.name();
  }

  private void dropInPlace() throws IOException {
    VolumeView view = lvs.view();
    if (view.isInPlace()) {
      endInPlace(view.content().orElseThrow(ThinSession::gone), false);
    }
  }

  void resume(VolumeView view) throws IOException {
    ThinLv written = view.written().orElseThrow(ThinSession::gone);
    lvs.activate(written.name());
    started = written.name();
  }

  void commit(VolumeView view, int revisionsToKeep) throws IOException {
    ThinLv written = view.written().orElseThrow(ThinSession::gone);
    lvs.sync(written);
    if (view.isInPlace()) {
      endInPlace(written, true);
    } else {
      Retention retention = Retention.keeping(revisionsToKeep);
      lvs.replace(view, written.name(), retention);
    }
    started = null;
  }

  /** What was written in place gets another identity with the command that ends the session. */
  private void endInPlace(ThinLv content, boolean isWritten) throws IOException {
    List<String> added = isWritten ? List.of(LvTags.writtenText(ContentIds.next())) : List.of();
    List<String> removed = new ArrayList<>(List.of(LvTags.IN_PLACE));
    if (isWritten) {
      content.tags().written().map(LvTags::writtenText).ifPresent(removed::add);
    }
    pool.commands().changeTags(content.name(), added, removed);
  }

  void discard(VolumeView view) throws IOException {
    if (view.isInPlace()) {
      endInPlace(view.content().orElseThrow(ThinSession::gone), false);
    } else {
      dropSession();
    }
    started = null;
  }

  /** Forgets what was started: there is nothing of the volume any more. */
  void forget() {
    started = null;
  }

  /** Returns the path of what the VM writes to. */
  Path path() throws IOException {
    String name = started;
    if (name == null || pool.devices().device(name).isEmpty()) {
      name = lvs.view().written().orElseThrow(ThinSession::gone).name();
    }
    return pool.devices().path(name);
  }

  private static DriverException gone() {
    return new DriverException(
        Code.IO,
        "the logical volume of the session is gone: somebody removed it",
        "Find out who did; stop(DISCARD) then gives up the session and keeps the last commit");
  }
}
