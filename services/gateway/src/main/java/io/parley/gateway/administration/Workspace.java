package io.parley.gateway.administration;

import java.time.Instant;
import java.util.Optional;

/**
 * A part of an organisation that has keys and members of its own.
 *
 * @param displayColor such as {@code #6C5BB9}
 * @param archivedAt since when it is closed for good; empty as long as it is in use
 */
public record Workspace(
    String id, String name, String displayColor, Instant createdAt, Optional<Instant> archivedAt) {
  public static final String DEFAULT_COLOR = "#6C5BB9";
}
