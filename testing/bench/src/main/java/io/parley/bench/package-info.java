/**
 * {@code ./parley bench}: measures the engine's kernels and the gateway on this machine. {@link
 * io.parley.bench.Main} is the command line; each benchmark yields a {@link
 * io.parley.bench.Report}, shown as a table or as JSON. Traffic stays on the loopback interface,
 * and every run is bounded in count and time.
 */
@NullMarked
package io.parley.bench;

import org.jspecify.annotations.NullMarked;
