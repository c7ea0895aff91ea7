package io.parley.gateway.administration;

import java.time.Duration;

/**
 * How much one organisation may have. One more is refused with CONFLICT, and the message names the
 * limit.
 *
 * @param keys that are not archived, of either kind
 * @param workspaces that are not archived
 * @param members people
 * @param pendingInvites invites that can still be accepted
 * @param inviteLife for how long an invite can be accepted
 */
public record AdministrationLimits(
    int keys, int workspaces, int members, int pendingInvites, Duration inviteLife) {
  public static final AdministrationLimits DEFAULTS =
      new AdministrationLimits(10_000, 100, 10_000, 1_000, Duration.ofDays(21));
}
