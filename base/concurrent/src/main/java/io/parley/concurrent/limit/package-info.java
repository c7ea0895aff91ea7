/**
 * How much may happen: {@link io.parley.concurrent.limit.TokenBucket} and {@link
 * io.parley.concurrent.limit.SlidingWindow} limit a rate, {@link
 * io.parley.concurrent.limit.ConcurrencyLimit} what is under way at once, {@link
 * io.parley.concurrent.limit.Quota} amounts that are only known afterwards, {@link
 * io.parley.concurrent.limit.RetryBudget} and {@link io.parley.concurrent.limit.CircuitBreaker}
 * what is sent to somebody in trouble.
 *
 * <p>Everything here may be used from any thread. Time is a {@code LongSupplier} of nanoseconds
 * that never go back, such as {@code System::nanoTime}; nothing waits by itself unless the method
 * has a timeout. The package knows nothing of what is limited.
 *
 * <p>Which one: a bucket where bursts up to its capacity are welcome; a window where the other side
 * counts in windows and refuses the one call too many; a quota where a request is admitted by an
 * estimate and charged by what it took.
 */
@NullMarked
package io.parley.concurrent.limit;

import org.jspecify.annotations.NullMarked;
