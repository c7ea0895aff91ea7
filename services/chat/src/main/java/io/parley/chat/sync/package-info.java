/**
 * What a user's devices tell each other: main type {@link io.parley.chat.sync.UserEvents}. An event
 * names what has changed and says nothing of it; whoever gets one looks it up as it is then. So
 * events may come twice or late, and hold nothing that would have to be sealed. Thread-safe; may
 * block.
 */
@NullMarked
package io.parley.chat.sync;

import org.jspecify.annotations.NullMarked;
