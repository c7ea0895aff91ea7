package io.parley.gateway;

/**
 * Who sends a request: the organisation that answers for it and the API key that it came with.
 *
 * @param organisationId whose request it is; nothing of it may become visible to another
 * @param apiKeyId the id of the key, never the secret
 */
public record Principal(String organisationId, String apiKeyId) {}
