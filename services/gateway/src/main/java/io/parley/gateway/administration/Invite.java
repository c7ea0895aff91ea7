package io.parley.gateway.administration;

import java.time.Instant;
import java.util.Optional;

/** An offer to join an organisation. */
public record Invite(
    String id,
    String email,
    OrganisationRole role,
    Instant invitedAt,
    Instant expiresAt,
    Optional<Instant> acceptedAt,
    Optional<Instant> deletedAt) {

  /** What has become of it: {@code pending}, {@code accepted}, {@code deleted}, {@code expired}. */
  public String status(Instant now) {
    if (acceptedAt.isPresent()) {
      return "accepted";
    }
    if (deletedAt.isPresent()) {
      return "deleted";
    }
    return now.isBefore(expiresAt) ? "pending" : "expired";
  }
}
