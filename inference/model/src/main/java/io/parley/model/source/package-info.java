/**
 * What a model is loaded from, whatever the format of its files. Main type: {@link
 * io.parley.model.source.ModelSource}: tensors and metadata under the names that GGUF gives them.
 * Formats implement it over {@link io.parley.model.source.WeightFile files} that are mapped band by
 * band; architectures, tokenizers and templates read it.
 *
 * <p>A file is not trusted; whatever is wrong in it ends in one {@link
 * io.parley.model.source.ModelFileException} that names the place. Everything here is immutable and
 * safe to share between threads. Knows nothing of formats or architectures.
 */
@NullMarked
package io.parley.model.source;

import org.jspecify.annotations.NullMarked;
