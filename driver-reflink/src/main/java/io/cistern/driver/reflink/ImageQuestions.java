package io.cistern.driver.reflink;

import io.cistern.linux.Access;
import io.cistern.linux.FileStatus;
import io.cistern.linux.OpenFile;
import io.cistern.storage.Revision;
import io.cistern.storage.VolumeUsage;
import io.cistern.storage.spi.SessionForm;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** What the files of a volume tell; each answer is what is on disk at that moment. */
final class ImageQuestions {
  /** Asks an open directory. */
  private interface Question<T> {
    T ask(VolumeDirectory directory) throws IOException;
  }

  private static final int ATTEMPTS = 5;

  private final ReflinkPool pool;
  private final ImageNames names;

  ImageQuestions(ReflinkPool pool, ImageNames names) {
    this.pool = pool;
    this.names = names;
  }

  SessionForm session() throws IOException {
    return ask(
        SessionForm.NONE,
        directory -> {
          // In this order: a commit in between makes the one the other, which looks as if in place.
          Optional<FileStatus> clean = directory.image(names.clean());
          Optional<FileStatus> dirty = directory.image(names.dirty());
          if (dirty.isEmpty()) {
            return SessionForm.NONE;
          }
          if (clean.filter(dirty.get()::sameInode).isPresent()) {
            return SessionForm.IN_PLACE;
          }
          return StartProtocol.isDropped(dirty.get()) ? SessionForm.DROPPED : SessionForm.APART;
        });
  }

  Optional<String> holder() throws IOException {
    return ask(
        Optional.empty(),
        directory ->
            directory.image(names.dirty()).isPresent()
                ? pool.holders().of(directory.directory(), names.dirty())
                : Optional.empty());
  }

  OptionalLong size(String name) throws IOException {
    return ask(
        OptionalLong.empty(),
        directory -> {
          Optional<FileStatus> image = directory.image(name);
          return image.isPresent() ? OptionalLong.of(image.get().size()) : OptionalLong.empty();
        });
  }

  List<Revision> revisions() throws IOException {
    return ask(List.of(), directory -> unchanged(directory, Revisions::list));
  }

  VolumeUsage usage() throws IOException {
    return ask(
        VolumeUsage.unknown(),
        directory -> {
          Optional<FileStatus> own = directory.image(names.dirty());
          if (own.isEmpty()) {
            own = directory.image(names.clean());
          }
          long revisions = unchanged(directory, Revisions::allocated);
          return new VolumeUsage(
              own.map(image -> OptionalLong.of(image.allocated())).orElse(OptionalLong.empty()),
              OptionalLong.empty(),
              OptionalLong.of(revisions));
        });
  }

  boolean isOutdated(ImageNames source) throws IOException {
    Optional<OpenFile> session =
        ask(
            Optional.empty(),
            directory -> directory.directory().openFileIfPresent(names.dirty(), Access.READ));
    if (session.isEmpty()) {
      return false;
    }
    Optional<ContentIdentity> recorded;
    try (OpenFile dirty = session.get()) {
      recorded = ContentIdentity.recordedOn(dirty);
    }
    Optional<VolumeDirectory> present = pool.open(source);
    if (present.isEmpty()) {
      return true;
    }
    try (VolumeDirectory directory = present.get()) {
      if (directory.image(source.clean()).isEmpty()) {
        return true;
      }
      try (OpenFile committed = directory.openClean()) {
        return !recorded.equals(Optional.of(ContentIdentity.of(committed)));
      }
    }
  }

  private interface RevisionQuestion<T> {
    T ask(Revisions revisions) throws IOException;
  }

  /** A revert between the listing and the look at each file would hide a revision. */
  private <T> T unchanged(VolumeDirectory directory, RevisionQuestion<T> question)
      throws IOException {
    VolumeFiles before = directory.files();
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      T answer = question.ask(new Revisions(directory, before, pool.holders()));
      VolumeFiles after = directory.files();
      if (after.revisions().equals(before.revisions())) {
        return answer;
      }
      before = after;
    }
    return question.ask(new Revisions(directory, before, pool.holders()));
  }

  private <T> T ask(T ifAbsent, Question<T> question) throws IOException {
    Optional<VolumeDirectory> present = pool.open(names);
    if (present.isEmpty()) {
      return ifAbsent;
    }
    try (VolumeDirectory directory = present.get()) {
      return question.ask(directory);
    }
  }
}
