/**
 * One answer for each idempotency key: who may generate it, what it was, and for how long that is
 * known ({@code docs/adr/0019-answers-outlive-connections.md}). Main type: {@link
 * io.parley.gateway.idempotency.Claims}.
 *
 * <p>What is kept is kept in SQL, so that it survives a restart and holds between servers on one
 * database. Calls block, save where they say otherwise. The package knows of no HTTP and no engine,
 * and does not look into the answers that it keeps.
 */
@NullMarked
package io.parley.gateway.idempotency;

import org.jspecify.annotations.NullMarked;
