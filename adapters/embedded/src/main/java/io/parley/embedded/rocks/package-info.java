/**
 * Ports on one RocksDB: messages, the event log, stream buffers. Main type: {@link
 * io.parley.embedded.rocks.RocksStores}, which opens it and owns its threads.
 *
 * <p>Writes that have to be on the disk are made by one platform thread, as many together as have
 * come while it synced; a few platform threads read. Callers wait for them, at no cost if they are
 * virtual threads. Knows of no service.
 */
@NullMarked
package io.parley.embedded.rocks;

import org.jspecify.annotations.NullMarked;
