/**
 * Models as Hugging Face's libraries keep them: a directory with {@code config.json}, {@code
 * tokenizer.json} and weights in the safetensors format (github.com/huggingface/safetensors), in
 * one file or several. Main type: {@link io.parley.model.safetensors.SafetensorsModel}, which
 * presents the directory under the names and conventions of GGUF, as if it had been converted.
 *
 * <p>A file is not trusted: nothing in it is believed before it is checked against the file's size,
 * and whatever is wrong ends in one {@link io.parley.model.source.ModelFileException}. An open
 * model is immutable and safe to share between threads. Knows nothing of decoders.
 */
@NullMarked
package io.parley.model.safetensors;

import org.jspecify.annotations.NullMarked;
