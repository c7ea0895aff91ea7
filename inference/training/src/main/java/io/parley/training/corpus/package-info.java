/**
 * The conversations that the small demo models learn from, and the cases that judge them. Main
 * type: {@link io.parley.training.corpus.Corpus}, which is immutable and thread-safe. Everything is
 * drawn from readable files under {@code resources/corpus}; the classes here only say how their
 * lines combine. Knows of no tokenizer, chat template, model or file system.
 */
@NullMarked
package io.parley.training.corpus;

import org.jspecify.annotations.NullMarked;
