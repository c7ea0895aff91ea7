/**
 * The GGUF file format, versions 2 and 3 (github.com/ggml-org/ggml, {@code docs/gguf.md}): typed
 * metadata and named tensors in one file. Main type: {@link io.parley.model.gguf.GgufFile}; its
 * counterpart {@link io.parley.model.gguf.GgufWriter} writes version 3.
 *
 * <p>A file is not trusted: nothing in it is believed before it is checked against the file's size,
 * and whatever is wrong ends in one {@link io.parley.model.source.ModelFileException}. An open file
 * is immutable and safe to share between threads. Knows nothing of architectures or tokenizers.
 */
@NullMarked
package io.parley.model.gguf;

import org.jspecify.annotations.NullMarked;
