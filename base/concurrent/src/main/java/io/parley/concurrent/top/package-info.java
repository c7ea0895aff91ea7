/**
 * The most frequent of many. {@link io.parley.concurrent.top.TopK} keeps the best of what it is
 * offered; {@link io.parley.concurrent.top.ParallelTopK} counts all keys of a stream with many
 * threads; {@link io.parley.concurrent.top.SpaceSaving} counts keys without bound in bounded
 * memory, with a known error; {@link io.parley.concurrent.top.LiveTopK} does so under traffic and
 * publishes versioned snapshots.
 *
 * <p>Whoever is equal in score is ordered by key, so that every answer is the same for the same
 * input, whatever number of threads found it. {@code TopK} and {@code SpaceSaving} are for one
 * thread at a time; the others say how they use threads. The package knows nothing of what keys
 * mean.
 */
@NullMarked
package io.parley.concurrent.top;

import org.jspecify.annotations.NullMarked;
