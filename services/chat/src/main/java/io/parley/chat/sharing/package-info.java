/**
 * Read-only links to conversations. Main type: {@link io.parley.chat.sharing.Shares}. Thread-safe;
 * blocks. Whoever knows a link may read what it shows, so it cannot be guessed; knows of no HTTP.
 */
@NullMarked
package io.parley.chat.sharing;

import org.jspecify.annotations.NullMarked;
