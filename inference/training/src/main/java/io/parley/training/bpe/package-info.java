/**
 * A byte-level byte-pair encoding, learned from text: {@link io.parley.training.bpe.BpeTrainer}
 * makes a {@link io.parley.model.tokenizer.Vocabulary}. Single-threaded, deterministic. Nothing
 * here knows of corpora, models or the command line.
 */
@NullMarked
package io.parley.training.bpe;

import org.jspecify.annotations.NullMarked;
