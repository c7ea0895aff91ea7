/**
 * Opens a model whatever the format of its files. Main type: {@link
 * io.parley.model.files.OpenModel}: weights, tokenizer and chat template from a GGUF file or from a
 * directory of safetensors.
 *
 * <p>An open model is immutable and safe to share between threads. Knows nothing of decoders.
 */
@NullMarked
package io.parley.model.files;

import org.jspecify.annotations.NullMarked;
