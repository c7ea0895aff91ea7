/**
 * Service level objectives: what clients are promised, how much of the error budget is left, and
 * when it burns too fast. Main type: {@link io.parley.gateway.slo.SloMonitor}. Thread-safe;
 * counting never waits, evaluation happens when its owner ticks. It must not know what a request
 * is.
 */
@NullMarked
package io.parley.gateway.slo;

import org.jspecify.annotations.NullMarked;
