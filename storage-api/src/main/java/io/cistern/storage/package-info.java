/**
 * What a VM manager calls: {@link io.cistern.storage.Storage} opens {@linkplain
 * io.cistern.storage.Pool pools}, pools give {@linkplain io.cistern.storage.Volume volumes}, and
 * {@code start} and {@code stop} of a volume go around the life of each VM.
 *
 * <p>Everything that may touch a disk returns a {@link java.util.concurrent.CompletableFuture} and
 * never runs on the caller's thread. What only reads memory returns at once. All sizes are in
 * bytes. The rule numbers in this documentation are those of {@code docs/contract.md}.
 */
@NullMarked
package io.cistern.storage;

import org.jspecify.annotations.NullMarked;
