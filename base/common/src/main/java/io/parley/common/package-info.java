/**
 * Words that every part of Parley shares: {@link io.parley.common.ErrorCode error codes}, the one
 * exception that carries them, {@link io.parley.common.Ulid ids} and the {@link
 * io.parley.common.TimeSource clock}.
 *
 * <p>Everything here is immutable or thread-safe. The package depends on nothing and knows of no
 * service, no transport and no storage.
 */
@NullMarked
package io.parley.common;

import org.jspecify.annotations.NullMarked;
