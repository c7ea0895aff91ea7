/**
 * Erases everything that belongs to a user. Main type: {@link
 * io.parley.chat.erasure.AccountErasure}. Thread-safe; blocks.
 */
@NullMarked
package io.parley.chat.erasure;

import org.jspecify.annotations.NullMarked;
