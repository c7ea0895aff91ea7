/**
 * The chat product on the Messages API: people, their conversations, and answers that outlive their
 * viewers. It is a customer of the gateway like any other: whatever is generated for it passes the
 * same limits, gates and accounts. Nothing here knows of an adapter or of the inside of another
 * service; HTTP stays in {@code io.parley.chat.http}.
 */
@NullMarked
package io.parley.chat;

import org.jspecify.annotations.NullMarked;
