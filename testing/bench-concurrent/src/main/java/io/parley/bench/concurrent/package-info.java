/**
 * The concurrency library beside the best alternatives, in the same run: JMH benchmarks, and {@link
 * io.parley.bench.concurrent.Main}, which runs them and writes tables and a plot.
 *
 * <p>Threads are JMH's. The package knows the library and its peers, and nothing of the platform.
 */
@NullMarked
package io.parley.bench.concurrent;

import org.jspecify.annotations.NullMarked;
