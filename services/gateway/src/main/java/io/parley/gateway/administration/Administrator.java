package io.parley.gateway.administration;

/**
 * Somebody who acts for one organisation.
 *
 * @param organisationId all that can be seen or changed belongs to it
 */
public record Administrator(Actor actor, String organisationId) {}
