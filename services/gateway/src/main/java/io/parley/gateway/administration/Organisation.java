package io.parley.gateway.administration;

import java.time.Instant;

/**
 * A tenant.
 *
 * @param name for people; two may have the same
 * @param tierId what it is sold
 */
public record Organisation(String id, String name, String tierId, Instant createdAt) {}
