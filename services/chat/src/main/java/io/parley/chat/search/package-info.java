/**
 * Finding what was said: titles and messages of one user. Main types: {@link
 * io.parley.chat.search.ConversationSearch} asks, {@link io.parley.chat.search.SearchUpdates}
 * feeds. Thread-safe; everything blocks.
 *
 * <p>The index gets words blinded by a key of the user ({@link
 * io.parley.chat.encryption.Blinding}), and no text. So it cannot find anything for another user,
 * tells nobody who reads its files what was said, and is worthless when the key is erased. What a
 * hit says is read from the conversation itself. Knows of no HTTP and of no search engine.
 */
@NullMarked
package io.parley.chat.search;

import org.jspecify.annotations.NullMarked;
