/**
 * From a model file to a model that runs: opens model files, loads their weights and lets the
 * engine drive them. Main type: {@link io.parley.serving.decoder.ModelLoader}.
 *
 * <p>A {@link io.parley.serving.decoder.DecoderRunner} belongs to the thread of its engine; all
 * else is immutable. This package alone knows both the engine and the model; it knows of no service
 * and no transport.
 */
@NullMarked
package io.parley.serving.decoder;

import org.jspecify.annotations.NullMarked;
