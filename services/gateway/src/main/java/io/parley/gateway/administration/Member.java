package io.parley.gateway.administration;

import java.time.Instant;

/**
 * A person in an organisation.
 *
 * @param email in small letters, unique in the organisation
 */
public record Member(
    String id, String email, String name, OrganisationRole role, Instant addedAt) {}
