package io.cistern.driver.file;

import io.cistern.storage.RevisionId;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/**
 * What is recorded of a volume, in one small file that is replaced as a whole: that is the one
 * switch of every change of its content. Everything else follows from it, and is made up for at the
 * next touch of the volume if a crash came in between.
 *
 * @param content which content the committed one is; another one after each change of it
 * @param nextRevision the number of the next revision (rule 402)
 * @param session what session there is
 * @param committedSize the size of the committed content, where it is not that of the base
 * @param pending what is still to be done with the files
 * @param revision the one revision, if there is one
 * @param source the content that the session of a snapshot was made from
 */
record Recorded(
    String content,
    long nextRevision,
    Session session,
    OptionalLong committedSize,
    Pending pending,
    Optional<KeptRevision> revision,
    Optional<String> source) {

  /** What an origin's session is made of. */
  enum Session {
    NONE,
    /** The VM writes to the base, the store has the old blocks. */
    STORE,
    /** The VM writes to a store of its own, which nobody will keep (rw=false). */
    APART
  }

  /** What follows from a switch that was made. */
  enum Pending {
    NOTHING,
    /** The store becomes the revision. */
    KEEP_STORE,
    /** The store and every revision go. */
    DROP_STORE,
    /** The old blocks go back from the store to the base, then the store goes. */
    PUT_BACK,
    /** The next image becomes the base, and the base becomes the revision. */
    REPLACE_AND_KEEP,
    /** The next image becomes the base, and every revision goes. */
    REPLACE
  }

  /** What a revision is made of. */
  enum Form {
    /** The old blocks of a session, on top of the committed content. */
    BLOCKS,
    /** An image. */
    WHOLE
  }

  /**
   * The revision.
   *
   * @param id its number
   * @param created when it became one
   * @param size the size of its content in bytes
   * @param form what it is made of
   */
  record KeptRevision(RevisionId id, Instant created, long size, Form form) {}

  /** Returns the record of a volume that has just been made. */
  static Recorded fresh() {
    return new Recorded(
        newContent(),
        1,
        Session.NONE,
        OptionalLong.empty(),
        Pending.NOTHING,
        Optional.empty(),
        Optional.empty());
  }

  private static String newContent() {
    return UUID.randomUUID().toString();
  }

  /** Returns the record of a volume that has lost its content: its numbers go on. */
  Recorded after(Optional<Recorded> earlier) {
    long next = earlier.map(Recorded::nextRevision).orElse(nextRevision);
    return new Recorded(content, next, session, committedSize, pending, revision, source);
  }

  /** Returns the record of content that is known by another name. */
  Recorded as(String known) {
    return new Recorded(known, nextRevision, session, committedSize, pending, revision, source);
  }

  /** Returns the record at the beginning of a session on content of that size. */
  Recorded started(Session kind, long size) {
    return new Recorded(
        content, nextRevision, kind, OptionalLong.of(size), pending, revision, source);
  }

  /** Returns the record of a session that is dropped, with what follows. */
  Recorded dropped(Pending next) {
    OptionalLong size = next == Pending.NOTHING ? OptionalLong.empty() : committedSize;
    return new Recorded(content, nextRevision, Session.NONE, size, next, revision, source);
  }

  /** Returns the record of content of that size whose writes to the base are to be put back. */
  Recorded guarded(long size) {
    return new Recorded(
        content,
        nextRevision,
        Session.NONE,
        OptionalLong.of(size),
        Pending.PUT_BACK,
        revision,
        source);
  }

  /** Returns the record once all that was pending is done. */
  Recorded settled() {
    return new Recorded(
        content,
        nextRevision,
        session,
        session == Session.NONE ? OptionalLong.empty() : committedSize,
        Pending.NOTHING,
        revision,
        source);
  }

  /**
   * Returns the record of new content of that size.
   *
   * @param kept what becomes of the old content; its number is {@link #nextRevision}
   */
  Recorded switched(long size, Pending next, Optional<KeptRevision> kept) {
    return new Recorded(
        newContent(),
        kept.isPresent() ? nextRevision + 1 : nextRevision,
        Session.NONE,
        OptionalLong.of(size),
        next,
        kept,
        source);
  }

  /** Returns the record of other content in the same files. */
  Recorded changed() {
    return new Recorded(
        newContent(), nextRevision, session, committedSize, pending, revision, source);
  }

  /** Returns the record without the revision, whose number is not used again. */
  Recorded withoutRevision() {
    return new Recorded(
        content, nextRevision, session, committedSize, pending, Optional.empty(), source);
  }

  /** Returns the record with a revision, which has the next number. */
  Recorded with(KeptRevision adopted) {
    return new Recorded(
        content,
        adopted.id().number() + 1,
        session,
        committedSize,
        pending,
        Optional.of(adopted),
        source);
  }

  /** Returns the record of a snapshot's session that was made from this content. */
  Recorded from(String sourceContent) {
    return new Recorded(
        content,
        nextRevision,
        session,
        committedSize,
        pending,
        revision,
        Optional.of(sourceContent));
  }

  /** Tells whether the committed content is the base as seen through the store. */
  boolean isSeenThroughStore() {
    return session == Session.STORE || pending == Pending.PUT_BACK;
  }
}
