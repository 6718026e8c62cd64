package io.cistern.storage;

import java.time.Instant;
import java.util.OptionalLong;

/**
 * An earlier committed content of a volume, kept for {@link Volume#revert}.
 *
 * @param id its number, by which revisions are ordered
 * @param created when the clock said it became a revision; for people, it orders nothing
 * @param size its size in bytes, empty if not known
 */
public record Revision(RevisionId id, Instant created, OptionalLong size) {}
