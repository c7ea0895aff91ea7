package io.parley.gateway.administration;

import java.util.Optional;

/**
 * Which keys of a list; what is empty does not count.
 *
 * @param createdBy id of whoever made it
 */
public record KeyFilter(
    Optional<KeyStatus> status, Optional<String> workspaceId, Optional<String> createdBy) {
  public static final KeyFilter ALL =
      new KeyFilter(Optional.empty(), Optional.empty(), Optional.empty());
}
