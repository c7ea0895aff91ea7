/**
 * The port to small values that live for a while and that all replicas share: counters of limits,
 * claims, presence. Main type: {@link io.parley.ports.ephemeral.EphemeralStore}. What must not be
 * lost belongs into {@code io.parley.ports.data} instead.
 */
@NullMarked
package io.parley.ports.ephemeral;

import org.jspecify.annotations.NullMarked;
