/**
 * Text to tokens and back. Main type: {@link io.parley.model.tokenizer.BytePairTokenizer}, made
 * from a {@link io.parley.model.tokenizer.Vocabulary}.
 *
 * <p>Everything public is immutable and safe to share between threads. Knows nothing of chat
 * templates, weights or decoders.
 */
@NullMarked
package io.parley.model.tokenizer;

import org.jspecify.annotations.NullMarked;
