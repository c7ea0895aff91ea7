/**
 * How long conversations are kept. Main type: {@link io.parley.chat.retention.Retention}.
 * Thread-safe; blocks.
 */
@NullMarked
package io.parley.chat.retention;

import org.jspecify.annotations.NullMarked;
