package io.parley.gateway.privacy;

import io.parley.common.TimeSource;
import io.parley.gateway.RecentReads;
import io.parley.ports.data.Database;
import io.parley.safety.PrivacyPolicies;
import io.parley.safety.PrivacyPolicy;
import java.util.Optional;

/**
 * Knows the policies in the database, as they were a second ago at most. Thread-safe; may block.
 */
public final class StoredPolicies implements PrivacyPolicies {
  private final RecentReads<PrivacyPolicy> recent;

  public StoredPolicies(Database database, TimeSource time) {
    this.recent =
        new RecentReads<>(
            time,
            organisationId -> database.read(handle -> PolicyRows.read(handle, organisationId)));
  }

  @Override
  public PrivacyPolicy of(String organisationId) {
    return recent.of(organisationId);
  }

  @Override
  public Optional<PrivacyPolicy> atHand(String organisationId) {
    return recent.atHand(organisationId);
  }
}
