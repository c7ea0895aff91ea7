/**
 * Models in this process behind the port {@link io.parley.ports.model.ModelPool}. Main type: {@link
 * io.parley.serving.LocalModelPool}.
 *
 * <p>Threading: each model has one {@link io.parley.serving.EngineLoop}, whose platform thread
 * alone touches the engine. Callers render and tokenize on their own threads and hand the sequence
 * over through a bounded intake; listeners are called on the engine's thread. Public types are
 * thread-safe.
 *
 * <p>The package knows of no model format (that is {@code io.parley.serving.decoder}), no HTTP and
 * no service.
 */
@NullMarked
package io.parley.serving;

import org.jspecify.annotations.NullMarked;
