package io.cistern.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ProcLocksTest {
  private static final long DEVICE = Statx.device(8, 1);

  @Test
  void theOwnerIsFoundByDeviceAndInode() {
    List<String> lines =
        List.of(
            "1: POSIX  ADVISORY  WRITE 11 08:01:77 0 EOF",
            "2: FLOCK  ADVISORY  WRITE 12 08:02:77 0 EOF",
            "3: FLOCK  ADVISORY  WRITE 13 08:01:77 0 EOF",
            "4: FLOCK  ADVISORY  WRITE 14 08:01:78 0 EOF");

    assertThat(ProcLocks.owner(lines, directory(77))).hasValue(13);
  }

  @Test
  void theOnlyLockOnTheInodeNumberIsTakenWhateverItsDevice() {
    List<String> lines = List.of("1: FLOCK  ADVISORY  WRITE 13 00:27:77 0 EOF");

    assertThat(ProcLocks.owner(lines, directory(77))).hasValue(13);
  }

  @Test
  void ofSeveralLocksOnOtherDevicesNoneIsNamed() {
    List<String> lines =
        List.of(
            "1: FLOCK  ADVISORY  WRITE 13 00:27:77 0 EOF",
            "2: FLOCK  ADVISORY  WRITE 14 00:28:77 0 EOF");

    assertThat(ProcLocks.owner(lines, directory(77))).isEmpty();
  }

  @Test
  void whoWaitsForTheLockIsNotItsOwner() {
    List<String> lines =
        List.of(
            "1: FLOCK  ADVISORY  WRITE 13 08:01:77 0 EOF",
            "1: -> FLOCK  ADVISORY  WRITE 14 08:01:77 0 EOF");

    assertThat(ProcLocks.owner(lines, directory(77))).hasValue(13);
  }

  @Test
  void anOwnerOutsideThePidNamespaceIsNotNamed() {
    List<String> lines = List.of("1: FLOCK  ADVISORY  WRITE 0 08:01:77 0 EOF");

    assertThat(ProcLocks.owner(lines, directory(77))).isEmpty();
  }

  private static FileStatus directory(long inode) {
    return new FileStatus(
        DEVICE,
        inode,
        0,
        0,
        2,
        0700,
        FileStatus.Type.DIRECTORY,
        1,
        Instant.EPOCH,
        Optional.empty());
  }
}
