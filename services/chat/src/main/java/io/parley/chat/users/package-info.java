/**
 * Who chats: people of an organisation, how they prove it and for how long. Main type: {@link
 * io.parley.chat.users.Accounts}. Thread-safe; everything blocks, on the database or on a password,
 * and belongs on a virtual thread.
 *
 * <p>Of what lets somebody in, only hashes are kept: Argon2id of passwords, which can be guessed,
 * and SHA-256 of session tokens, which cannot. Knows of no HTTP, no cookie and no conversation.
 */
@NullMarked
package io.parley.chat.users;

import org.jspecify.annotations.NullMarked;
