/**
 * The program that measures Jlama on a model of random weights, beside {@code ./parley bench engine
 * --peers}; a module of its own, for Jlama's libraries are nobody else's. Main type: {@link
 * io.parley.bench.jlama.JlamaPeer}, which computes on the threads that it is told.
 */
@NullMarked
package io.parley.bench.jlama;

import org.jspecify.annotations.NullMarked;
