/**
 * Encryption at rest: what people wrote is readable only with a key of their own, and that only
 * with a master key, which is in no database. Main types: {@link
 * io.parley.chat.encryption.UserKeys} and {@link io.parley.chat.encryption.MasterKeys}.
 * Thread-safe; keys are read from the database once a minute at most and otherwise from memory.
 *
 * <p>Erasing a user's key erases everything that it encrypted, wherever copies of it are: in
 * backups, in segments that are not merged yet, in a log. Knows of no message and no conversation.
 */
@NullMarked
package io.parley.chat.encryption;

import org.jspecify.annotations.NullMarked;
