package io.parley.training.batch;

import io.parley.training.llama.Batch;

/**
 * A batch and where the data goes on after it.
 *
 * @param tokens number of tokens that are not padding
 * @param nextPosition index of the first conversation that is not in {@code batch}
 */
public record PositionedBatch(Batch batch, int tokens, long nextPosition) {}
