/**
 * From tokens' bytes to text that may be sent: whole characters only, and nothing that could still
 * become a stop sequence. Main type: {@link io.parley.engine.text.TokenText}. Knows of no tokens
 * and no sequences. Not thread-safe.
 */
@NullMarked
package io.parley.engine.text;

import org.jspecify.annotations.NullMarked;
