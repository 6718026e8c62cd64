package io.cistern.driver.file;

import io.cistern.directory.VolumePath;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The names of a volume's files, in its folder.
 *
 * <pre>
 * private.img                the base
 * private-cow.img            the old blocks of an origin, or the writes of a snapshot
 * private-cow.img.old        the one revision: the old blocks of the last session
 * private.img.old            the one revision after an import: the replaced image, whole
 * private.img.state          what is recorded of the volume ({@link Recorded})
 * private-import.img         an import in progress
 * private-dirty.img          what the VM of a volatile volume writes
 * private-export-7-cow.img   the store of an export of a whole revision
 * private.img~session        the writes of an origin that is started with rw=false
 * private.img~next, ~old     an image on its way to become the base or the revision
 * private.img~create, ~cow   what is not finished
 * private.img~state          room for the next record
 * private.img~removed        the tombstone: the volume is removed, the rest will go
 * </pre>
 *
 * @param place where the volume's files are
 */
record FileNames(VolumePath place) {
  private static final String IMAGE = ".img";
  private static final String NEXT = "~next";
  private static final Pattern NUMBER = Pattern.compile("[1-9][0-9]{0,17}");

  static FileNames of(String vid) {
    return new FileNames(VolumePath.of(vid));
  }

  String base() {
    return place.last() + IMAGE;
  }

  String store() {
    return place.last() + "-cow" + IMAGE;
  }

  String oldStore() {
    return store() + ".old";
  }

  String oldBase() {
    return base() + ".old";
  }

  String state() {
    return base() + ".state";
  }

  String imported() {
    return place.last() + "-import" + IMAGE;
  }

  String dirty() {
    return place.last() + "-dirty" + IMAGE;
  }

  String session() {
    return base() + "~session";
  }

  String next() {
    return base() + NEXT;
  }

  String replaced() {
    return base() + "~old";
  }

  String unfinishedBase() {
    return base() + "~create";
  }

  String unfinishedStore() {
    return base() + "~cow";
  }

  String unfinishedState() {
    return base() + "~state";
  }

  String tombstone() {
    return base() + "~removed";
  }

  String exportStore(long number) {
    return exportPrefix() + number + exportSuffix();
  }

  /** Returns the name of the base that a next image becomes; empty if the name is not of one. */
  static Optional<String> baseOfNext(String name) {
    return name.endsWith(IMAGE + NEXT)
        ? Optional.of(name.substring(0, name.length() - NEXT.length()))
        : Optional.empty();
  }

  /** Tells whether a name is that of the store of an export. */
  boolean isExportStore(String name) {
    return name.startsWith(exportPrefix())
        && name.endsWith(exportSuffix())
        && name.length() > exportPrefix().length() + exportSuffix().length()
        && NUMBER
            .matcher(
                name.substring(exportPrefix().length(), name.length() - exportSuffix().length()))
            .matches();
  }

  /** Lists what is left if it is there while no change is being made. */
  List<String> leftovers() {
    return List.of(unfinishedBase(), unfinishedStore(), replaced(), next(), imported());
  }

  /** Lists all that goes with a removed volume but the exports' stores, the tombstone last. */
  List<String> all() {
    return List.of(
        base(),
        dirty(),
        store(),
        oldStore(),
        oldBase(),
        session(),
        next(),
        replaced(),
        state(),
        unfinishedBase(),
        unfinishedStore(),
        unfinishedState(),
        imported(),
        tombstone());
  }

  /** Returns the name of the file of a revision of that form. */
  String revision(Recorded.Form form) {
    return form == Recorded.Form.BLOCKS ? oldStore() : oldBase();
  }

  private String exportPrefix() {
    return place.last() + "-export-";
  }

  private static String exportSuffix() {
    return "-cow" + IMAGE;
  }
}
