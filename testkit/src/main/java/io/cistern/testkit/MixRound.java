package io.cistern.testkit;

import io.cistern.storage.StorageException.Code;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/**
 * The commands of each volume, in their order, on a thread of its own, all at once. What becomes of
 * a volume is known, since its operations take effect in the order of the calls (rule 801); what it
 * takes from another one is read, and compared in the end with what that one had.
 */
final class MixRound {
  /** A command, or a bystander, has got something from a volume, or was refused it. */
  private record Claim(
      Object claimant,
      String source,
      Optional<Content> content,
      Optional<Code> refusal,
      long called,
      long ended) {}

  private final Model model;
  private final LivePools pools;
  private final AtomicLong ticks = new AtomicLong();
  private final Map<String, OfferHistory> histories = new LinkedHashMap<>();
  private final Map<String, VolumeScript> scripts = new LinkedHashMap<>();
  private final ConcurrentLinkedQueue<Claim> claims = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<Claim> unread = new ConcurrentLinkedQueue<>();
  private final CompletableFuture<Boolean> underWay = new CompletableFuture<>();
  private final long half;
  private volatile boolean closing;
  private volatile boolean over;

  MixRound(Model model, LivePools pools, List<VolumeCommand> commands) {
    this.model = model;
    this.pools = pools;
    this.half = commands.size() / 2;
    model
        .volumes()
        .forEach(volume -> histories.put(volume.name(), new OfferHistory(volume.offer())));
    commands.stream()
        .collect(
            Collectors.groupingBy(VolumeCommand::volume, LinkedHashMap::new, Collectors.toList()))
        .forEach((name, own) -> scripts.put(name, new VolumeScript(this, name, own)));
  }

  /** Runs all of it. */
  void run() {
    join(begin());
    checkClaims();
  }

  /** Closes the storage when half of it is called, and opens another one. */
  void runAndClose() {
    List<CompletableFuture<Void>> running = begin();
    var unused =
        CompletableFuture.allOf(running.toArray(CompletableFuture[]::new))
            .whenComplete((done, failure) -> underWay.complete(true));
    pools.scenario().waiting().awaitEnd(underWay);
    closing = true;
    CompletableFuture<Void> closed = pools.scenario().storage().closeAsync();
    join(running);
    pools.scenario().waiting().await(closed);
    pools.reopen();
    unread.forEach(this::readLate);
    model.reopen();
    checkClaims();
  }

  private List<CompletableFuture<Void>> begin() {
    List<CompletableFuture<Void>> running = new ArrayList<>();
    scripts.forEach((name, script) -> running.add(onThread("commands on " + name, script::run)));
    var unused =
        CompletableFuture.allOf(running.toArray(CompletableFuture[]::new))
            .whenComplete((done, failure) -> over = true);
    running.add(onThread("bystander", new Bystander(this)::run));
    return running;
  }

  private static CompletableFuture<Void> onThread(String name, Runnable work) {
    return CompletableFuture.runAsync(work, runnable -> new Thread(runnable, name).start());
  }

  /** Waits as long as anything goes on: nobody waits for ever, and a mix may take long. */
  private void join(List<CompletableFuture<Void>> running) {
    CompletableFuture<?> all = CompletableFuture.allOf(running.toArray(CompletableFuture[]::new));
    Waiting waiting = pools.scenario().waiting();
    long seen;
    do {
      seen = now();
    } while (!waiting.isEnded(all) && now() > seen);
    waiting.awaitEnd(all);
    try {
      all.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw e;
    }
  }

  Model model() {
    return model;
  }

  LivePools pools() {
    return pools;
  }

  /** Tells whether all commands have ended. */
  boolean isOver() {
    return over;
  }

  boolean isClosing() {
    return closing;
  }

  long tick() {
    long tick = ticks.incrementAndGet();
    if (tick >= half) {
      underWay.complete(true);
    }
    return tick;
  }

  void changed(String volume, long called, long ended) {
    history(volume).changed(model.volume(volume).offer(), called, ended);
  }

  void took(Object claimant, String source, Content content, long called, long ended) {
    claims.add(new Claim(claimant, source, Optional.of(content), Optional.empty(), called, ended));
  }

  /** What was taken could not be read before the pool was closed. */
  void tookUnread(VolumeCommand command, String source, long called, long ended) {
    unread.add(new Claim(command, source, Optional.empty(), Optional.empty(), called, ended));
  }

  void refused(VolumeCommand command, String source, Code code, long called, long ended) {
    claims.add(new Claim(command, source, Optional.empty(), Optional.of(code), called, ended));
  }

  /** Returns the tick at this moment. */
  long now() {
    return ticks.get();
  }

  void saw(String volume, Content content, long called) {
    took("An export", volume, content, called, now());
  }

  void sawRefusal(String volume, Code code, long called) {
    claims.add(new Claim("An export", volume, Optional.empty(), Optional.of(code), called, now()));
  }

  private void readLate(Claim claim) {
    String volume = ((VolumeCommand) claim.claimant).volume();
    Content content = pools.committed(volume);
    model.volume(volume).took(content);
    history(volume).correctLast(model.volume(volume).offer());
    took(claim.claimant, claim.source, content, claim.called, claim.ended);
  }

  private OfferHistory history(String volume) {
    return Optional.ofNullable(histories.get(volume)).orElseThrow();
  }

  private void checkClaims() {
    for (Claim claim : claims) {
      OfferHistory history = history(claim.source);
      boolean holds =
          claim.content.isPresent()
              ? history.mayHaveGiven(claim.content.get(), claim.called, claim.ended)
              : history.mayHaveRefused(claim.refusal.orElseThrow(), claim.called, claim.ended);
      if (!holds) {
        throw new ModelMismatch(
            "what is taken from another volume",
            "%s, called at %d and done at %d, got what its source did not have then: %s. It had %s"
                .formatted(
                    claim.claimant,
                    claim.called,
                    claim.ended,
                    claim.content.isPresent() ? claim.content.get() : claim.refusal.orElseThrow(),
                    history));
      }
    }
  }

  @Override
  public String toString() {
    return scripts.values().stream().map(VolumeScript::toString).collect(Collectors.joining("\n"));
  }
}
