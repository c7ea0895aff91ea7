/**
 * Takes out of traffic what keeps failing: a model, or one organisation's use of it. Main type:
 * {@link io.parley.gateway.circuit.Circuits}, through which every generation passes.
 *
 * <p>Everything is thread-safe and blocks nowhere. It knows models and outcomes, and nothing of
 * requests, limits or HTTP.
 */
@NullMarked
package io.parley.gateway.circuit;

import org.jspecify.annotations.NullMarked;
