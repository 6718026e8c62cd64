package io.cistern.directory;

import java.nio.file.Path;
import java.util.List;

/**
 * Where a volume's files are in a pool: a vid's last component names them, those before it are
 * directories.
 *
 * @param directories the components of the vid before the last, from the pool's directory down
 * @param last the last component of the vid, with which the names of all its files begin
 */
public record VolumePath(List<String> directories, String last) {
  /** Copies the list. */
  public VolumePath {
    directories = List.copyOf(directories);
  }

  /** Returns the place of a volume. */
  public static VolumePath of(String vid) {
    List<String> components = List.of(vid.split("/", -1));
    int last = components.size() - 1;
    return new VolumePath(components.subList(0, last), components.get(last));
  }

  /** Returns the path of a file of the volume. */
  Path resolve(Path pool, String name) {
    Path path = pool;
    for (String component : directories) {
      path = path.resolve(component);
    }
    return path.resolve(name);
  }
}
