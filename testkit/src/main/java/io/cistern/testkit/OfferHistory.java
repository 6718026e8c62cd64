package io.cistern.testkit;

import io.cistern.storage.StorageException.Code;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What a volume had to give in the course of a mix, and when. Calls and their ends have ticks of
 * one clock; what a command changes is there at its call at the earliest, and what it replaces is
 * gone at its end at the latest. So who took something between two ticks may have got what there
 * was at any moment between them, and nothing else (linearizability).
 */
final class OfferHistory {
  /** What there was, and from which tick on it may have been there. */
  private record Entry(Offer offer, long from) {}

  private final List<Entry> entries = new ArrayList<>();
  private final List<Long> ends = new ArrayList<>();

  OfferHistory(Offer first) {
    entries.add(new Entry(first, 0));
  }

  /** A command that was called and had ended at these ticks has left this. */
  synchronized void changed(Offer offer, long called, long ended) {
    if (!offer.equals(entries.get(entries.size() - 1).offer)) {
      ends.add(ended);
      entries.add(new Entry(offer, called));
    }
  }

  /** What was taken last, and could not be read, was this. */
  synchronized void correctLast(Offer offer) {
    entries.set(entries.size() - 1, new Entry(offer, entries.get(entries.size() - 1).from));
  }

  boolean mayHaveGiven(Content content, long called, long ended) {
    return holds(called, ended, offer -> offer.content().equals(Optional.of(content)));
  }

  boolean mayHaveRefused(Code code, long called, long ended) {
    return holds(called, ended, offer -> offer.refusals().contains(code));
  }

  private synchronized boolean holds(long called, long ended, Predicate<Offer> wanted) {
    for (int i = 0; i < entries.size(); i++) {
      long until = i < ends.size() ? ends.get(i) : Long.MAX_VALUE;
      Entry entry = entries.get(i);
      if (entry.from <= ended && until >= called && wanted.test(entry.offer)) {
        return true;
      }
    }
    return false;
  }

  @Override
  public synchronized String toString() {
    return entries.toString();
  }
}
