/**
 * The ports in this process, without a server beside it. Main types: {@link
 * io.parley.embedded.SqliteDatabase} and {@link io.parley.embedded.InProcessEphemeralStore}.
 *
 * <p>Native store work runs on platform threads of the adapter's own: a native call holds the
 * carrier of a virtual thread, and a few of them would starve all others. Callers, virtual or not,
 * only wait. The package knows no service.
 */
@NullMarked
package io.parley.embedded;

import org.jspecify.annotations.NullMarked;
