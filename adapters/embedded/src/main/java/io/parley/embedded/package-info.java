/**
 * The ports in this process, without a server beside it. Main types: {@link
 * io.parley.embedded.SqliteDatabase}, {@link io.parley.embedded.InProcessEphemeralStore} and {@link
 * io.parley.embedded.DirectoryObjectStore}; RocksDB has a package of its own.
 *
 * <p>Native store work runs on platform threads of the adapter's own: a native call holds the
 * carrier of a virtual thread, and a few of them would starve all others. Callers, virtual or not,
 * only wait. The package knows no service.
 */
@NullMarked
package io.parley.embedded;

import org.jspecify.annotations.NullMarked;
