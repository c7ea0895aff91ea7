package io.parley.safety;

import java.util.Optional;

/** Knows what each organisation wants done with personal data. Thread-safe. */
@FunctionalInterface
public interface PrivacyPolicies {
  /**
   * The policy in force, {@link PrivacyPolicy#DEFAULT} for an organisation that chose none; may
   * block. Whatever it throws refuses the request.
   */
  PrivacyPolicy of(String organisationId);

  /** The same without blocking; empty if that is not possible now. */
  default Optional<PrivacyPolicy> atHand(String organisationId) {
    return Optional.empty();
  }
}
