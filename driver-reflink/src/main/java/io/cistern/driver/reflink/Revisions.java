package io.cistern.driver.reflink;

import io.cistern.directory.DirectoryFailures;
import io.cistern.directory.Holders;
import io.cistern.driver.reflink.ImageNames.RevisionName;
import io.cistern.linux.DurableFiles;
import io.cistern.linux.Errno.Meaning;
import io.cistern.linux.FileStatus;
import io.cistern.linux.SystemCallException;
import io.cistern.storage.Revision;
import io.cistern.storage.RevisionId;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.spi.DriverException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The revisions of a volume. Their numbers are in their names; once the highest-numbered name is
 * about to go, the next number is kept in the name of an empty file, durable before (rule 402).
 */
final class Revisions {
  /** A revision's name, and the file that it stands for. */
  private record Image(RevisionName name, FileStatus status) {}

  private final VolumeDirectory directory;
  private final VolumeFiles files;
  private final Holders holders;

  Revisions(VolumeDirectory directory, VolumeFiles files, Holders holders) {
    this.directory = directory;
    this.files = files;
    this.holders = holders;
  }

  /** Lists them, oldest first. */
  List<Revision> list() throws IOException {
    List<Revision> revisions = new ArrayList<>();
    for (Image image : images()) {
      revisions.add(
          new Revision(
              image.name.id(), image.name.created(), OptionalLong.of(image.status.size())));
    }
    return revisions;
  }

  /** Sums up what they take; blocks that they share are counted for each. */
  long allocated() throws IOException {
    return images().stream().mapToLong(image -> image.status.allocated()).sum();
  }

  /** Returns the name of a revision's file. */
  String name(RevisionId id) throws IOException {
    for (Image image : images()) {
      if (image.name.id().equals(id)) {
        return image.name.name();
      }
    }
    throw noSuch(id, list().stream().map(Revision::id).toList());
  }

  static DriverException noSuch(RevisionId id, List<RevisionId> others) {
    return new DriverException(
        Code.NO_SUCH_REVISION,
        "there is no revision " + id,
        others.isEmpty() ? "There are none to choose from" : "There are the revisions " + others);
  }

  /** Returns the number of the next revision. */
  long next() throws DriverException {
    if (files.highest() >= ImageNames.maxNumber()) {
      throw new DriverException(
          Code.IO,
          "the revision numbers are used up, by a file that carries the highest there is",
          "Move away the file whose name has that number, if Cistern did not make it");
    }
    return files.highest() + 1;
  }

  /**
   * Returns the name that is left by a commit which was cut short between its link and its rename:
   * the newest, if it is the current content itself (rule 406).
   */
  Optional<String> leftover() throws IOException {
    Optional<String> newest = newest();
    Optional<FileStatus> clean =
        newest.isPresent() ? directory.image(directory.names().clean()) : Optional.empty();
    return clean.isPresent()
            && directory.image(newest.get()).filter(clean.get()::sameInode).isPresent()
        ? newest
        : Optional.empty();
  }

  private Optional<String> newest() {
    return files.revisions().stream().reduce((older, newer) -> newer).map(RevisionName::name);
  }

  /** Makes sure that the numbers go on from here though this revision becomes the content. */
  void keepNumberOf(RevisionId chosen) throws IOException {
    keepNumber(List.of(chosen), List.of());
  }

  /**
   * Makes sure that the numbers go on from here though these revisions go.
   *
   * @param needless those of them whose images nobody needs any more
   */
  private void keepNumber(List<RevisionId> going, List<RevisionId> needless) throws IOException {
    Optional<String> leftover = leftover();
    boolean othersVouch =
        files.revisions().stream()
            .filter(name -> !leftover.equals(Optional.of(name.name())))
            .map(RevisionName::id)
            .anyMatch(id -> id.number() == files.highest() && !going.contains(id));
    if (othersVouch || files.highest() == 0 || hasCounter()) {
      return;
    }
    String counter = directory.names().counter(next());
    try {
      DurableFiles.make(directory.directory(), counter, 0).close();
    } catch (SystemCallException e) {
      if (!DirectoryFailures.says(e, Meaning.OUT_OF_SPACE) || !becomesCounter(needless, counter)) {
        throw e;
      }
    }
    directory.directory().sync();
  }

  /** On a full file system there may be no room for another inode; then one that goes has to do. */
  private boolean becomesCounter(List<RevisionId> needless, String counter) throws IOException {
    for (Image image : images()) {
      if (needless.contains(image.name.id()) && image.status.links() == 1) {
        DurableFiles.move(directory.directory(), image.name.name(), counter);
        directory.directory().sync();
        new Counter(directory, counter).empty(holders);
        return true;
      }
    }
    return false;
  }

  /** Removes a revision for good. */
  void remove(RevisionId id) throws IOException {
    String name = name(id);
    keepNumber(List.of(id), List.of(id));
    directory.remove(name);
    directory.directory().sync();
  }

  /** Removes the oldest until so many are left, and counters that a revision has outgrown. */
  void prune(int keep) throws IOException {
    List<Image> images = images();
    List<Image> going = images.subList(0, Math.max(0, images.size() - keep));
    if (!going.isEmpty()) {
      List<RevisionId> ids = going.stream().map(image -> image.name.id()).toList();
      keepNumber(ids, ids);
    }
    for (Image image : going) {
      directory.remove(image.name.name());
    }
    if (keep > 0 && !images.isEmpty()) {
      removeOutgrownCounters(images.get(images.size() - 1).name.id());
    }
  }

  private void removeOutgrownCounters(RevisionId newest) throws IOException {
    for (String counter : files.counters()) {
      long next = directory.names().counterNumber(counter).orElse(Long.MAX_VALUE);
      if (next <= newest.number()) {
        directory.remove(counter);
      }
    }
  }

  private boolean hasCounter() {
    return files.counters().contains(directory.names().counter(files.highest() + 1));
  }

  private List<Image> images() throws IOException {
    Optional<FileStatus> clean = directory.image(directory.names().clean());
    if (files.isRemoved() && clean.isEmpty()) {
      return List.of();
    }
    Optional<String> newest = newest();
    List<Image> images = new ArrayList<>();
    for (RevisionName name : files.revisions()) {
      boolean repeated =
          !images.isEmpty() && images.get(images.size() - 1).name.id().equals(name.id());
      boolean mayBeLeftover = newest.equals(Optional.of(name.name()));
      Optional<FileStatus> status = repeated ? Optional.empty() : directory.image(name.name());
      status
          .filter(image -> !mayBeLeftover || clean.filter(image::sameInode).isEmpty())
          .ifPresent(image -> images.add(new Image(name, image)));
    }
    return images;
  }
}
