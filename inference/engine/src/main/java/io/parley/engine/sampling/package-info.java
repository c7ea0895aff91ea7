/**
 * Draws one token from logits. Main type: {@link io.parley.engine.sampling.Sampler}. Knows of no
 * sequence and keeps no randomness of its own: the caller passes the generator in. Not thread-safe.
 */
@NullMarked
package io.parley.engine.sampling;

import org.jspecify.annotations.NullMarked;
