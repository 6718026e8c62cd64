package io.cistern.driver.reflink;

import io.cistern.directory.Holders;
import io.cistern.linux.DurableFiles;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes what a dead process left of one volume: what was not finished, imports, exports, half a
 * commit, the rest of a removed volume (rule 904). What somebody holds stays, and so does whatever
 * is not a regular file, which Cistern did not make.
 */
final class Sweep {
  private static final Logger log = LoggerFactory.getLogger(Sweep.class);

  private final VolumeDirectory directory;
  private final Holders holders;
  private final Set<String> openExports;

  Sweep(VolumeDirectory directory, Holders holders, Set<String> openExports) {
    this.directory = directory;
    this.holders = holders;
    this.openExports = openExports;
  }

  /** Sweeps, and returns the files that are there afterwards. */
  VolumeFiles run() throws IOException {
    VolumeFiles files = directory.files();
    boolean removed = finishRemoval(files);
    removed |= removeLeftoverRevision(files);
    for (String name : files.unfinished()) {
      removed |= remove(name);
    }
    for (String counter : files.counters()) {
      new Counter(directory, counter).empty(holders);
    }
    for (String name : files.exports()) {
      removed |= !openExports.contains(name) && remove(name);
    }
    if (files.isImporting()) {
      removed |= remove(directory.names().imported());
    }
    return removed ? directory.files() : files;
  }

  private boolean finishRemoval(VolumeFiles files) throws IOException {
    if (!files.isRemoved()) {
      return false;
    }
    if (directory.image(directory.names().clean()).isEmpty()) {
      // Whoever made the tombstone may have died before it was durable.
      directory.directory().sync();
      new RemoveProtocol(directory).finish(files);
    } else {
      remove(directory.names().tombstone());
    }
    return true;
  }

  private boolean removeLeftoverRevision(VolumeFiles files) throws IOException {
    Optional<String> leftover = new Revisions(directory, files, holders).leftover();
    if (leftover.isPresent()) {
      DurableFiles.remove(directory.directory(), leftover.get());
    }
    return leftover.isPresent();
  }

  private boolean remove(String name) throws IOException {
    if (directory.image(name).isEmpty()) {
      return false;
    }
    Optional<String> holder = holders.of(directory.directory(), name);
    if (holder.isPresent()) {
      log.warn("the leftover {} stays, since {} holds it", directory.path(name), holder.get());
      return false;
    }
    return directory.remove(name);
  }
}
