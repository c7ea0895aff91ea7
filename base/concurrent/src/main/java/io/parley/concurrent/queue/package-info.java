/**
 * Handing things from thread to thread. Main type: {@link io.parley.concurrent.queue.BoundedQueue};
 * {@link io.parley.concurrent.queue.BatchQueue} works on what comes, many at once, on a thread that
 * others use as well.
 *
 * <p>Everything here may be used from any thread, virtual threads included, and waits only where a
 * method says so. The package knows nothing of what is handed over, and of no clock: timed forms
 * wait on the lock's own.
 */
@NullMarked
package io.parley.concurrent.queue;

import org.jspecify.annotations.NullMarked;
