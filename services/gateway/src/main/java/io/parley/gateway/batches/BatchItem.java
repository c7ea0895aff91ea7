package io.parley.gateway.batches;

/**
 * A request of a batch.
 *
 * @param customId the client's own name for it, unique in the batch
 * @param params the body of the request, JSON
 */
public record BatchItem(String customId, String params) {}
