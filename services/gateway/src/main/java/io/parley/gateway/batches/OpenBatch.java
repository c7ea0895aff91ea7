package io.parley.gateway.batches;

import io.parley.gateway.Principal;
import java.time.Instant;

/**
 * A batch that is not through, as its requests need it.
 *
 * @param sender who sent it, with the share of that time
 * @param canceling whether no more requests are to begin
 */
record OpenBatch(String id, Principal sender, Instant expiresAt, boolean canceling) {}
