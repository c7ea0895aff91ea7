package io.parley.gateway.administration;

import java.time.Instant;

/**
 * One administrative change that was made.
 *
 * @param actor who made it
 * @param action such as {@code api_key.create}
 * @param subjectId what was changed
 * @param detail the new values in words
 */
public record Change(
    String id, Instant at, Actor actor, String action, String subjectId, String detail) {}
