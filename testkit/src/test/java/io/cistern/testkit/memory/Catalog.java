package io.cistern.testkit.memory;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Says what each image of a volume is. It is small, so that replacing it is the one switch of every
 * operation; and an image is in it before it is made and until it is gone, so that whatever is not
 * in it is not ours.
 *
 * @param newest the highest number that was ever the content's: no later one may be below it
 * @param images the images by number
 */
record Catalog(long newest, SortedMap<Long, Image> images) {
  /** What an image is there for. */
  enum Role {
    /** The committed content. */
    CONTENT,
    /** The committed content, which a VM writes in place. */
    IN_PLACE,
    /** What a VM writes; the note tells which content of the source it was made from. */
    SESSION,
    /** The same with rw=false: nobody keeps it, whatever the volume is declared as by then. */
    DROPPED,
    /** An earlier content; the note tells when it became one. */
    REVISION,
    /** Not ready yet, or not needed any more: not part of the volume. */
    LEFTOVER
  }

  /** One line of the catalogue. */
  record Image(Role role, String note) {}

  static final Catalog EMPTY = new Catalog(0, new TreeMap<>());

  /** Finds the image with one of these roles, of which there is at most one. */
  Optional<Long> find(Role... roles) {
    List<Role> wanted = List.of(roles);
    return images.keySet().stream().filter(n -> wanted.contains(images.get(n).role())).findFirst();
  }

  Optional<Long> content() {
    return find(Role.CONTENT, Role.IN_PLACE);
  }

  List<Long> revisions() {
    return images.keySet().stream().filter(n -> images.get(n).role() == Role.REVISION).toList();
  }

  /** Returns a number for an image that is to be made. */
  long next() {
    return 1 + (images.isEmpty() ? newest : Math.max(newest, images.lastKey()));
  }

  Catalog with(long number, Role role, String note) {
    SortedMap<Long, Image> changed = new TreeMap<>(images);
    changed.put(number, new Image(role, note));
    return new Catalog(role == Role.CONTENT ? Math.max(newest, number) : newest, changed);
  }

  Catalog with(long number, Role role) {
    return with(number, role, "");
  }

  Catalog without(long number) {
    SortedMap<Long, Image> changed = new TreeMap<>(images);
    changed.remove(number);
    return new Catalog(newest, changed);
  }

  /** Makes an image the content; what it replaces becomes a revision or a leftover. */
  Catalog withContent(long number, Optional<Instant> keepReplacedAs) {
    Catalog changed = this;
    if (content().isPresent()) {
      Role role = keepReplacedAs.isPresent() ? Role.REVISION : Role.LEFTOVER;
      String note = keepReplacedAs.map(Instant::toString).orElse("");
      changed = with(content().get(), role, note);
    }
    return changed.with(number, Role.CONTENT);
  }

  /** Makes the oldest revisions leftovers until so many are left. */
  Catalog pruned(int revisionsToKeep) {
    Catalog changed = this;
    List<Long> all = revisions();
    for (long oldest : all.subList(0, Math.max(0, all.size() - revisionsToKeep))) {
      changed = changed.with(oldest, Role.LEFTOVER);
    }
    return changed;
  }

  /** Makes everything a leftover: the volume is gone, its images are still to go. */
  Catalog buried() {
    Catalog changed = this;
    for (long number : images.keySet()) {
      changed = changed.with(number, Role.LEFTOVER);
    }
    return changed;
  }

  String toText() {
    StringBuilder text = new StringBuilder("newest " + newest + "\n");
    images.forEach(
        (number, image) -> text.append("%d %s %s\n".formatted(number, image.role(), image.note())));
    return text.toString();
  }

  static Catalog parse(String text) throws IOException {
    try {
      Catalog catalog = EMPTY;
      for (String line : text.lines().skip(1).toList()) {
        String[] fields = line.split(" ", 3);
        catalog = catalog.with(Long.parseLong(fields[0]), Role.valueOf(fields[1]), fields[2]);
      }
      String first = text.lines().findFirst().orElse("");
      return new Catalog(Long.parseLong(first.replaceFirst("^newest ", "")), catalog.images());
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      throw new IOException("it is no catalogue: " + text, e);
    }
  }
}
