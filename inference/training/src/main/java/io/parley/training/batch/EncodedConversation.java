package io.parley.training.batch;

/**
 * A conversation as the model reads it: {@code <|begin|>}, then per message the role's token, the
 * text and {@code <|end|>}.
 *
 * @param tokens the ids
 * @param answers which tokens the assistant says: its text and the {@code <|end|>} after it
 */
@SuppressWarnings("ArrayRecordComponent") // Compared by nobody; copying would be waste.
record EncodedConversation(int[] tokens, boolean[] answers) {}
