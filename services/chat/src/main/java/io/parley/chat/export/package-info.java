/**
 * Conversations as documents. Main type: {@link io.parley.chat.export.Markdown}. Stateless; knows
 * of no HTTP and keeps nothing: an export is written while it is read.
 */
@NullMarked
package io.parley.chat.export;

import org.jspecify.annotations.NullMarked;
