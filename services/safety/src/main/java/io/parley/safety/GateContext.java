package io.parley.safety;

/**
 * Whose text a gate reads.
 *
 * @param requestId for logs
 * @param organisationId who answers for the request
 * @param modelId the model that is to read, or has written, the text
 */
public record GateContext(String requestId, String organisationId, String modelId) {}
