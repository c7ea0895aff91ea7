/**
 * Text to tokens and back. Main type: {@link io.parley.model.tokenizer.Tokenizer}, of which there
 * are two kinds: byte-level BPE, made from a {@link io.parley.model.tokenizer.Vocabulary}, and
 * SentencePiece. Either comes from the metadata of a model or from a {@code tokenizer.json}.
 *
 * <p>Everything public is immutable and safe to share between threads. Knows nothing of chat
 * templates, weights or decoders.
 */
@NullMarked
package io.parley.model.tokenizer;

import org.jspecify.annotations.NullMarked;
