package io.cistern.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ErrnoTest {

  @ParameterizedTest
  @CsvSource({
    "28, ENOSPC, OUT_OF_SPACE, No space left on device",
    "122, EDQUOT, OUT_OF_SPACE, Disk quota exceeded",
    "30, EROFS, READ_ONLY_FILE_SYSTEM, Read-only file system",
    "2, ENOENT, ABSENT, No such file or directory",
    "17, EEXIST, EXISTS, File exists",
    "40, ELOOP, SYMBOLIC_LINK, Too many levels of symbolic links",
    "1, EPERM, DENIED, Operation not permitted",
    "26, ETXTBSY, BUSY, Text file busy",
    "27, EFBIG, TOO_LARGE, File too large",
    "95, EOPNOTSUPP, UNSUPPORTED, Operation not supported",
    "22, EINVAL, OTHER, Invalid argument",
    "4242, E4242, OTHER, Unknown error 4242"
  })
  void aNumberHasItsNameItsMeaningAndItsText(
      int number, String name, Errno.Meaning meaning, String text) {
    Errno errno = Errno.of(number);

    assertThat(errno).hasToString(name);
    assertThat(errno.meaning()).isEqualTo(meaning);
    assertThat(errno.description()).isEqualTo(text);
  }

  @Test
  void aNameThatIsNotTheNumbersIsRefused() {
    assertThatThrownBy(() -> new Errno(28, "EIO")).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void theMessageOfAnExceptionHasTheCallThePathsAndTheError() {
    SystemCall call = new SystemCall("ioctl(FICLONE)", "/b.img from /a.img");

    assertThat(new SystemCallException(call, Errno.EOPNOTSUPP))
        .hasMessage("ioctl(FICLONE) /b.img from /a.img: EOPNOTSUPP (Operation not supported)");
  }
}
