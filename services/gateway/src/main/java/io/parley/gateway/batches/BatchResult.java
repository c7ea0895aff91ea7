package io.parley.gateway.batches;

/**
 * What became of a request of a batch.
 *
 * @param position from 0, in the order of the batch
 * @param json the result
 */
public record BatchResult(int position, String customId, String json) {}
