/**
 * Caches that evict what was not used for longest: {@link io.parley.concurrent.cache.LruCache},
 * exact; {@link io.parley.concurrent.cache.StripedLruCache}, faster under many threads and exact to
 * a number of places; {@link io.parley.concurrent.cache.DurableLruCache}, whose contents survive
 * the death of the process.
 *
 * <p>Everything here may be used from any thread and waits for nothing but a lock, the durable one
 * also for its file. Listeners and weighers are called without a lock, on the thread whose call had
 * them called. The package knows nothing of what is cached, and loads nothing by itself: a cache
 * that is asked by many threads for one missing key should be one that loads each key once, as
 * Caffeine's does.
 */
@NullMarked
package io.parley.concurrent.cache;

import org.jspecify.annotations.NullMarked;
