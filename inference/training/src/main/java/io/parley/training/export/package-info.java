/**
 * A trained model as a file that Parley and llama.cpp serve. The main type is {@link
 * io.parley.training.export.LlamaGguf}. Stateless. Nothing here knows how the weights came about.
 */
@NullMarked
package io.parley.training.export;

import org.jspecify.annotations.NullMarked;
