/**
 * The families of models that Parley runs, one class each: which decoder a model's metadata
 * describes. Main type: {@link io.parley.model.family.Families}, which finds the family of a model
 * and loads it.
 *
 * <p>A family reads keys and picks the parts of {@link io.parley.model.decoder.DecoderConfig};
 * arithmetic is the decoder's alone. Whatever a file asks for that its family does not know is
 * refused by name. Immutable and thread-safe. Knows nothing of file formats or kernels.
 */
@NullMarked
package io.parley.model.family;

import org.jspecify.annotations.NullMarked;
