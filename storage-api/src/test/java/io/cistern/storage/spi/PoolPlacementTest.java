package io.cistern.storage.spi;

import static org.assertj.core.api.Assertions.assertThat;

import io.cistern.storage.Outcomes;
import io.cistern.storage.Pool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PoolPlacementTest extends FakePools {
  @Test
  void theDeepestPoolDirectoryAboveAPathContainsIt() throws IOException {
    FakePool outer = at("outer", "a");
    FakePool inner = at("inner", "a/b");

    assertThat(containing("a/b/c", outer, inner)).contains(inner);
    assertThat(containing("a/b/c", inner, outer)).contains(inner);
    assertThat(containing("a/x", outer, inner)).contains(outer);
  }

  @Test
  void aDirectoryWhoseNameOnlyBeginsAlikeContainsNothing() throws IOException {
    FakePool other = at("other", "a/b");

    assertThat(containing("a/bc", other)).isEmpty();
  }

  @Test
  void symbolicLinksAreResolvedOnBothSides() throws IOException {
    FakePool linked = at("linked", "real");
    Files.createSymbolicLink(scratch.resolve("link"), scratch.resolve("real"));
    linked.place.directory = Optional.of(scratch.resolve("link"));
    Files.createDirectories(scratch.resolve("real/d"));
    Files.createSymbolicLink(scratch.resolve("way"), scratch.resolve("real/d"));

    assertThat(containing("way", linked)).contains(linked);
    assertThat(containing("real/d", linked)).contains(linked);
  }

  @Test
  void aFileIsContainedAsADirectoryIs() throws IOException {
    FakePool holder = at("holder", "a");
    Files.createFile(scratch.resolve("a/image"));

    assertThat(PoolPlacement.containing(scratch.resolve("a/image"), List.of(holder)))
        .contains(holder);
  }

  @Test
  void whatIsNotThereIsInNoPool() throws IOException {
    FakePool holder = at("holder", "a");
    FakePool absent = at("absent", "b");
    Files.delete(scratch.resolve("b"));

    assertThat(PoolPlacement.containing(scratch.resolve("a/none"), List.of(holder))).isEmpty();
    assertThat(containing("c", absent)).isEmpty();
  }

  @Test
  void aSeparateMountBelowAPoolIsNotInsideIt() throws IOException {
    FakePool outer = at("outer", "a");
    Path mounted = Files.createDirectories(scratch.resolve("a/mounted/d")).toRealPath();
    MountTable table =
        MountTable.parse(
            List.of(
                "1 0 8:1 / / rw - ext4 /dev/sda1 rw",
                "2 1 8:2 / %s rw - ext4 /dev/sda2 rw".formatted(mounted.getParent())));

    assertThat(PoolPlacement.containing(mounted, List.of(outer), table)).isEmpty();
    assertThat(PoolPlacement.containing(mounted.getParent().getParent(), List.of(outer), table))
        .contains(outer);
  }

  @Test
  void aFileSystemOnAPoolsVolumeIsInsideThatPoolUnlessADirectoryIsNearer() throws IOException {
    FakePool thin = open("thin", new FakePlace(scratch));
    thin.place.devices = Set.of("253:3");
    FakePool outer = at("outer", "a");
    Path path = Files.createDirectories(scratch.resolve("a/d")).toRealPath();
    MountTable table = MountTable.parse(List.of("1 0 253:3 / / rw - ext4 /dev/dm-3 rw"));

    assertThat(PoolPlacement.containing(path, List.of(thin), table)).contains(thin);
    assertThat(PoolPlacement.containing(path, List.of(thin, outer), table)).contains(outer);
  }

  @Test
  void aPoolIsNeverInsideItself() throws IOException {
    FakePool lone = at("lone", "a");
    FakePool nested = at("nested", "a/b");

    assertThat(Outcomes.of(lone.includedIn(List.of(lone, nested)))).isEmpty();
    assertThat(Outcomes.of(nested.includedIn(List.of(lone, nested)))).contains(lone);
  }

  @Test
  void twoDirectoriesOnOneMountShareAFileSystem() throws IOException {
    at("one", "a");
    at("two", "b");

    assertThat(PoolPlacement.fileSystem(scratch.resolve("a")))
        .isPresent()
        .isEqualTo(PoolPlacement.fileSystem(scratch.resolve("b")));
    assertThat(PoolPlacement.fileSystem(scratch.resolve("none"))).isEmpty();
  }

  private FakePool at(String name, String directory) throws IOException {
    FakePool made = open(name, new FakePlace(scratch));
    made.place.directory = Optional.of(Files.createDirectories(scratch.resolve(directory)));
    return made;
  }

  private Optional<Pool> containing(String path, FakePool... candidates) throws IOException {
    return PoolPlacement.containing(
        Files.createDirectories(scratch.resolve(path)), List.of(candidates));
  }
}
