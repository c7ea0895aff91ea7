/**
 * Other engines on the same files, to be measured beside Parley. Main type: {@link
 * io.parley.bench.peers.LlamaCppPeer}. Each runs in a process of its own, since it may crash, spin,
 * or hold memory; it prints its figures to its standard output. Not for servers.
 */
@NullMarked
package io.parley.bench.peers;

import org.jspecify.annotations.NullMarked;
