package io.cistern.driver.lvmthin;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What the tags of a logical volume say. But for the last two they are written once, by the command
 * that makes it, and go with it through every rename.
 *
 * @param volume the encoded vid of the volume that it belongs to
 * @param content tells this content from all others
 * @param over the content that this one is to replace, if it is to replace one
 * @param from what it was made from: the identity of the content of another volume for a session,
 *     the content of a revision for what a revert makes
 * @param last the highest number of a revision that the volume had when it was made, 0 for none
 * @param inPlace whether a VM was started that writes to it though it is the committed content
 * @param written made anew at each end of such a session; empty if there was none
 * @param readOnly whether it is a session that nobody keeps, begun with {@code rw=false}
 */
record LvTags(
    String volume,
    String content,
    Optional<String> over,
    Optional<String> from,
    long last,
    boolean inPlace,
    Optional<String> written,
    boolean readOnly) {
  /** On the thin pool: it is set up. */
  static final String POOL = "cistern.pool";

  static final String IN_PLACE = "cistern.in-place";
  private static final String READ_ONLY = "cistern.read-only";
  private static final String VOLUME = "cistern.volume=";
  private static final String CONTENT = "cistern.content=";
  private static final String OVER = "cistern.over=";
  private static final String FROM = "cistern.from=";
  private static final String LAST = "cistern.last=";
  private static final String WRITTEN = "cistern.written=";

  /** Tags of content that is made from nothing and replaces nothing. */
  static LvTags fresh(String volume) {
    return new LvTags(
        volume,
        ContentIds.next(),
        Optional.empty(),
        Optional.empty(),
        0,
        false,
        Optional.empty(),
        false);
  }

  LvTags over(Optional<String> replaced) {
    return new LvTags(volume, content, replaced, from, last, inPlace, written, readOnly);
  }

  LvTags from(String identity) {
    return new LvTags(
        volume, content, over, Optional.of(identity), last, inPlace, written, readOnly);
  }

  LvTags last(long number) {
    return new LvTags(volume, content, over, from, number, inPlace, written, readOnly);
  }

  LvTags readOnly(boolean value) {
    return new LvTags(volume, content, over, from, last, inPlace, written, value);
  }

  /** Reads the tags; empty if it is not ours. */
  static Optional<LvTags> parse(Set<String> tags) {
    Optional<String> volume = value(tags, VOLUME);
    Optional<String> content = value(tags, CONTENT);
    if (volume.isEmpty() || content.isEmpty()) {
      return Optional.empty();
    }
    long last =
        tags.stream()
            .filter(tag -> tag.startsWith(LAST))
            .mapToLong(tag -> number(tag.substring(LAST.length())))
            .max()
            .orElse(0);
    return Optional.of(
        new LvTags(
            volume.get(),
            content.get(),
            value(tags, OVER),
            value(tags, FROM),
            last,
            tags.contains(IN_PLACE),
            value(tags, WRITTEN),
            tags.contains(READ_ONLY)));
  }

  /** Returns what tells the content as it is now from all that it ever was. */
  String identity() {
    return written.map(mark -> content + "." + mark).orElse(content);
  }

  /** Returns the tags as the command takes them that makes the logical volume. */
  List<String> texts() {
    List<String> texts = new ArrayList<>(List.of(VOLUME + volume, CONTENT + content));
    over.ifPresent(id -> texts.add(OVER + id));
    from.ifPresent(id -> texts.add(FROM + id));
    if (last > 0) {
      texts.add(lastText(last));
    }
    if (readOnly) {
      texts.add(READ_ONLY);
    }
    return texts;
  }

  /** Returns the tag for the highest number of a revision. */
  static String lastText(long number) {
    return LAST + number;
  }

  /** Returns the tag for the end of a session in place. */
  static String writtenText(String mark) {
    return WRITTEN + mark;
  }

  private static Optional<String> value(Set<String> tags, String key) {
    return tags.stream()
        .filter(tag -> tag.startsWith(key))
        .map(tag -> tag.substring(key.length()))
        .findFirst();
  }

  /** A tag that somebody else has written is no number, and counts for nothing. */
  private static long number(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      return 0;
    }
  }
}
