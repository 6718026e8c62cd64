package io.cistern.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.cistern.storage.StorageException;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.Transfer;
import io.cistern.storage.Volume;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

/** Rule 505: content that comes from a channel. */
abstract class CopyRules extends DeadImportRules {
  static final long LARGE = 1 << 22;

  @Test
  @Rule(505)
  void rule505_importFromTakesExactlyWhatTheChannelGives() {
    ready();
    Volume root = origin("root", content(), 1);
    for (long size : List.of(SIZE, 1L, SIZE + 1, LARGE)) {
      Content content = scenario().content(size);
      assertThat(await(root.importFrom(GatedChannel.open(content), size))).isSameAs(root);
      assertContent(root, content.resized(rounded(size)));
    }
    assertThat(revisionIds(root)).as(rule()).hasSize(keep(1));
  }

  @Test
  @Rule(505)
  void rule505_fewerOrMoreBytesFailNamingTheFiguresAndChangeNothing() {
    ready();
    Content content = content();
    Volume root = origin("root", content, 1);
    Content shorter = scenario().content(SIZE - 1);
    StorageException tooFew =
        assertRefused(
            Code.INVALID_ARGUMENT, root, () -> root.importFrom(GatedChannel.open(shorter), SIZE));
    assertThat(tooFew)
        .as(rule())
        .hasMessageContaining(Long.toString(SIZE))
        .hasMessageContaining(Long.toString(SIZE - 1));
    Content longer = scenario().content(SIZE + 1);
    StorageException tooMany =
        assertRefused(
            Code.INVALID_ARGUMENT, root, () -> root.importFrom(GatedChannel.open(longer), SIZE));
    assertThat(tooMany).as(rule()).hasMessageContaining(Long.toString(SIZE));
    Content empty = Content.zeros(0);
    assertRefused(
        Code.INVALID_ARGUMENT, root, () -> root.importFrom(GatedChannel.open(empty), SIZE));
    assertContent(root, content);
  }

  @Test
  @Rule(505)
  void rule505_aSizeOfNothingIsRefused() {
    ready();
    Volume root = origin("root", content());
    for (long size : List.of(0L, -1L, Long.MIN_VALUE)) {
      assertRefused(
          Code.INVALID_ARGUMENT,
          root,
          () -> root.importFrom(GatedChannel.open(Content.zeros(1)), size));
      assertRefused(Code.INVALID_ARGUMENT, root, () -> root.importData(size));
    }
  }

  @Test
  @Rule({505, 503})
  void rule505_aChannelThatFailsChangesNothing() {
    ready();
    Content content = content();
    Volume root = origin("root", content, 1);
    assertRefusedBy(new FailingChannel(), root);
    assertContent(root, content);
    await(root.start());
    assertDevice(root, content);
  }

  private void assertRefusedBy(ReadableByteChannel channel, Volume root) {
    Map<String, String> before = fixture().snapshot();
    StorageException failure = assertFails(Code.IO, root, () -> root.importFrom(channel, SIZE));
    assertThat(failure).as(rule()).hasMessageContaining(FailingChannel.MESSAGE);
    assertThat(fixture().snapshot()).as(rule()).isEqualTo(before);
  }

  /** Gives a little, then fails. */
  private static final class FailingChannel implements ReadableByteChannel {
    static final String MESSAGE = "the network is down";
    private boolean begun;

    @Override
    public int read(ByteBuffer target) throws IOException {
      if (begun) {
        throw new IOException(MESSAGE);
      }
      begun = true;
      target.put((byte) 1);
      return 1;
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {}
  }

  @Test
  @Rule(505)
  void rule505_progressGrowsUpToTheWhole() {
    ready();
    Volume root = origin("root");
    Queue<Long> reported = new ConcurrentLinkedQueue<>();
    Queue<Long> totals = new ConcurrentLinkedQueue<>();
    Transfer transfer =
        Transfer.withProgress(
            (done, total) -> {
              reported.add(done);
              totals.add(total);
            });
    await(root.importFrom(GatedChannel.open(scenario().content(LARGE)), LARGE, transfer));
    List<Long> steps = List.copyOf(reported);
    assertThat(steps).as(rule()).isNotEmpty().isSorted().endsWith(LARGE);
    assertThat(totals).as(rule()).containsOnly(LARGE);
  }

  @Test
  @Rule(505)
  void rule505_aFailingProgressListenerDoesNotStopTheCopy() {
    ready();
    Volume root = origin("root");
    Content content = content();
    Transfer transfer =
        Transfer.withProgress(
            (done, total) -> {
              throw new IllegalStateException("a bug of the embedder");
            });
    await(root.importFrom(GatedChannel.open(content), SIZE, transfer));
    assertContent(root, content);
  }

  @Test
  @Rule(505)
  void rule505_aCancelledImportLeavesTheVolumeAsItWas() {
    ready();
    Content content = content();
    Volume root = origin("root", content, 1);
    Map<String, String> before = fixture().snapshot();
    GatedChannel channel = new GatedChannel(content());
    CompletableFuture<Volume> copying = root.importFrom(channel, SIZE);
    await(channel.reached());
    assertThat(copying.cancel(true)).as(rule()).isTrue();
    assertThat(scenario().waiting().failureOf(copying))
        .as(rule())
        .isInstanceOf(CancellationException.class);
    await(root.stop());
    assertThat(fixture().snapshot()).as(rule()).isEqualTo(before);
    assertContent(root, content);
    await(root.start());
    assertDevice(root, content);
  }
}
