/**
 * Message batches: many requests that nobody waits for. Main type: {@link
 * io.parley.gateway.batches.Batches}. {@code BatchStore} keeps them in SQL, {@code BatchRunner}
 * sends their requests down the same pipeline as all others, a bounded number at a time.
 *
 * <p>A result is written in the transaction of the usage event of its request: after a crash a
 * request has both or neither, and one that has neither runs again. Everything is thread-safe but
 * where a class says otherwise, and blocks on the database. Knows of no HTTP, and not how a message
 * is written as JSON.
 */
@NullMarked
package io.parley.gateway.batches;

import org.jspecify.annotations.NullMarked;
