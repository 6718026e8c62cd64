package io.cistern.testkit.memory;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cistern.storage.RevisionId;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.spi.DriverException;
import io.cistern.storage.spi.PinnedContent;
import io.cistern.testkit.memory.Catalog.Image;
import io.cistern.testkit.memory.Catalog.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The directory of one volume:
 *
 * <pre>
 * catalog       what each image is
 * 1.img 2.img   the images
 * catalog.new   the next catalogue, while it is written
 * tombstone     the last catalogue of a volume that was removed
 * </pre>
 *
 * <p>The lock is held while the catalogue is replaced, never while content is copied.
 */
final class VolumeImages {
  private static final Logger log = LoggerFactory.getLogger(VolumeImages.class);

  private static final String CATALOG = "catalog";
  private static final String DRAFT = "catalog.new";
  private static final String TOMBSTONE = "tombstone";

  private final Path directory;
  private final MemoryFiles files;
  private final MemoryDisk disk;
  private final Set<ImageUse> uses = ConcurrentHashMap.newKeySet();

  VolumeImages(Path directory, MemoryFiles files, MemoryDisk disk) {
    this.directory = directory;
    this.files = files;
    this.disk = disk;
  }

  /** An image that this process reads or makes; it is not swept until that ends. */
  final class ImageUse implements PinnedContent {
    private final long number;
    private final long size;

    private ImageUse(long number, long size) {
      this.number = number;
      this.size = size;
      uses.add(this);
    }

    long number() {
      return number;
    }

    @Override
    public Path path() {
      return VolumeImages.this.path(number);
    }

    @Override
    public long size() {
      return size;
    }

    /** Ends the use. What was being made and is not in the volume by now goes. */
    @Override
    public void close() {
      uses.remove(this);
      sweep();
    }
  }

  Path path(long number) {
    return directory.resolve(number + ".img");
  }

  /** Returns the size of an image; empty if there is none, or if its file is missing. */
  OptionalLong size(Optional<Long> number) throws IOException {
    try {
      return number.isPresent()
          ? OptionalLong.of(Files.size(path(number.get())))
          : OptionalLong.empty();
    } catch (NoSuchFileException e) {
      return OptionalLong.empty();
    }
  }

  /** Finds the image that a VM writes to; one whose file is gone is no session. */
  Optional<Long> session() throws IOException {
    return catalog()
        .find(Role.SESSION, Role.DROPPED, Role.IN_PLACE)
        .filter(n -> Files.exists(path(n)));
  }

  /** Names the content of an image: a number may come again in a volume that was made anew. */
  String identity(long number) throws IOException {
    return number + ":" + Files.readAttributes(path(number), BasicFileAttributes.class).fileKey();
  }

  /** Reads the catalogue. That of a volume that was removed, or never was, names no content. */
  Catalog catalog() throws IOException {
    Optional<Catalog> catalog = read(CATALOG);
    return catalog.isPresent() ? catalog.get() : read(TOMBSTONE).orElse(Catalog.EMPTY).buried();
  }

  /** Replaces the catalogue: the switch of every operation. Then sweeps what it leaves behind. */
  synchronized void change(UnaryOperator<Catalog> change) throws IOException {
    switchTo(change.apply(catalog()));
    sweep();
  }

  /** Gives a number and a name to an image that is to be made; sweeps what others left. */
  synchronized ImageUse make(long size) throws IOException {
    sweep();
    Catalog catalog = catalog();
    long number = catalog.next();
    while (Files.exists(path(number))) {
      number++; // A stranger's file.
    }
    switchTo(catalog.with(number, Role.LEFTOVER));
    return new ImageUse(number, size);
  }

  /** Keeps the content, or a revision, as it is while the volume moves on. */
  synchronized ImageUse use(Optional<RevisionId> revision) throws IOException {
    Catalog catalog = catalog();
    Optional<Long> number =
        revision.isPresent()
            ? revision.map(RevisionId::number).filter(catalog.revisions()::contains)
            : catalog.content();
    OptionalLong size = size(number);
    if (size.isEmpty()) {
      throw new DriverException(
          revision.isPresent() ? Code.NO_SUCH_REVISION : Code.VOLUME_NOT_FOUND,
          directory + " has no image of " + revision.map(id -> "revision " + id).orElse("content"),
          "Choose what revisions() lists, or restore the image");
    }
    return new ImageUse(number.get(), size.getAsLong());
  }

  /**
   * Removes the image of a session or a revision. That needs no space, a new catalogue would; so
   * there is one only if somebody reads the image.
   */
  synchronized void remove(long number) throws IOException {
    if (isUsed(number)) {
      change(catalog -> catalog.with(number, Role.LEFTOVER));
    } else {
      files.delete(path(number));
      sweep();
    }
  }

  /** Removes the volume: one rename, which needs no space, then what is left behind. */
  synchronized void removeAll() throws IOException {
    sweep();
    if (Files.exists(directory.resolve(CATALOG))) {
      files.rename(directory.resolve(CATALOG), directory.resolve(TOMBSTONE));
      sweep();
    }
  }

  @Override
  public String toString() {
    return directory.toString();
  }

  private Optional<Catalog> read(String name) throws IOException {
    try {
      return Optional.of(Catalog.parse(Files.readString(directory.resolve(name))));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  private void switchTo(Catalog catalog) throws IOException {
    Path draft = directory.resolve(DRAFT);
    try {
      files.createDirectories(directory);
      files.write(draft, catalog.toText().getBytes(UTF_8));
      files.rename(draft, directory.resolve(CATALOG));
    } catch (IOException e) {
      files.delete(draft);
      files.deleteIfEmpty(directory);
      throw e;
    }
    files.delete(directory.resolve(TOMBSTONE)); // The new catalogue names what it named.
  }

  /** Removes what nobody needs any more. Never a failure of what was done before (rule 1003). */
  private synchronized void sweep() {
    try {
      Catalog before = catalog();
      Catalog after = before;
      for (Map.Entry<Long, Image> entry : before.images().entrySet()) {
        if (isNeedless(entry.getKey(), entry.getValue().role())) {
          files.delete(path(entry.getKey()));
          after = after.without(entry.getKey());
        }
      }
      if (after.images().isEmpty()) {
        clear();
      } else if (!after.equals(before)) {
        switchTo(after);
      }
    } catch (IOException e) {
      log.warn("{}: not everything could be swept; the next operation tries again", directory, e);
    }
  }

  private boolean isNeedless(long number, Role role) {
    return switch (role) {
      case LEFTOVER -> !isUsed(number) && disk.holder(path(number)).isEmpty();
      case SESSION, DROPPED, REVISION -> !Files.exists(path(number));
      case CONTENT, IN_PLACE -> false;
    };
  }

  private boolean isUsed(long number) {
    return uses.stream().anyMatch(use -> use.number == number);
  }

  /** Removes what is left of a volume that has no images; a stranger's files stay. */
  private void clear() throws IOException {
    for (String name : List.of(DRAFT, CATALOG, TOMBSTONE)) {
      files.delete(directory.resolve(name));
    }
    files.deleteIfEmpty(directory);
  }
}
