/**
 * What the services need of the outside, one package a concern: {@link
 * io.parley.ports.model.ModelPool} generates tokens, {@link io.parley.ports.data.Database} keeps
 * rows, {@link io.parley.ports.ephemeral.EphemeralStore} shares what lives for a while.
 *
 * <p>A port says what its user may rely on: atomicity, order, absence, threading, errors. Adapters
 * implement ports, services call them, and neither knows the other.
 */
@NullMarked
package io.parley.ports;

import org.jspecify.annotations.NullMarked;
