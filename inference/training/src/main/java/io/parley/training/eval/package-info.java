/**
 * Judges a model by the held-out cases of the corpus: exact match, one answer a case, greedily.
 * Main type: {@link io.parley.training.eval.Evaluation}. It calls any {@code ModelPool}; the
 * caller's thread waits while the pool's threads answer. Knows of no model file and no terminal.
 */
@NullMarked
package io.parley.training.eval;

import org.jspecify.annotations.NullMarked;
