package io.cistern.storage.spi;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ContentReadersTest {
  private final ContentReaders readers = new ContentReaders();

  @Test
  void readersDoNotExcludeEachOtherButAWriter() {
    assertThat(readers.beginRead()).isTrue();
    assertThat(readers.beginRead()).isTrue();
    readers.endRead();
    assertThat(readers.beginWrite()).isFalse();

    readers.endRead();

    assertThat(readers.beginWrite()).isTrue();
  }

  @Test
  void aWriterExcludesReadersUntilItEnds() {
    readers.beginWrite();
    assertThat(readers.beginRead()).isFalse();

    readers.endWrite();

    assertThat(readers.beginRead()).isTrue();
  }

  @Test
  void aReaderThatWasNotLetInIsNotCounted() {
    readers.beginWrite();
    readers.beginRead();
    readers.endWrite();

    assertThat(readers.beginWrite()).isTrue();
  }
}
