package io.parley.chat.retention;

import java.util.Map;
import java.util.Optional;

/**
 * After how many days without activity conversations go.
 *
 * @param days for organisations that are not named; 0 keeps them for ever
 * @param byOrganisation days by id of an organisation; 0 keeps for ever
 */
public record RetentionPolicy(int days, Map<String, Integer> byOrganisation) {
  public RetentionPolicy {
    byOrganisation = Map.copyOf(byOrganisation);
  }

  boolean keepsEverything() {
    return days == 0 && byOrganisation.values().stream().allMatch(kept -> kept == 0);
  }

  /** Days for one organisation; empty for ever. */
  public Optional<Integer> daysOf(String organisationId) {
    int kept = byOrganisation.getOrDefault(organisationId, days);
    return kept == 0 ? Optional.empty() : Optional.of(kept);
  }
}
