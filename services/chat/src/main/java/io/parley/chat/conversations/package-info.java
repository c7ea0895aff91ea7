/**
 * Conversations and their messages as they are kept. Main types: {@link
 * io.parley.chat.conversations.ConversationStore}, their rows, where every write of a user is a
 * compare and set; {@link io.parley.chat.conversations.MessageLog}, their messages, in buckets;
 * {@link io.parley.chat.conversations.Removals}, what is left of those that are deleted. Whatever a
 * user wrote is sealed, but for ids, counts and times.
 *
 * <p>Everything here is thread-safe and may block. It knows of no answer that is being generated
 * but its row, and of no HTTP.
 */
@NullMarked
package io.parley.chat.conversations;

import org.jspecify.annotations.NullMarked;
