/**
 * What an answer has written, kept for clients that lost their connection: events as bytes, in
 * order, each with an id ({@link io.parley.gateway.resume.EventId}). Main type: {@link
 * io.parley.gateway.resume.EventLog}, which one thread writes and any number of readers follow,
 * each at its own pace.
 *
 * <p>Everything here is thread-safe, save a {@link io.parley.gateway.resume.EventLog.Cursor}, which
 * belongs to its reader. Nothing here knows of HTTP, of what an event says, or of who generates it.
 */
@NullMarked
package io.parley.gateway.resume;

import org.jspecify.annotations.NullMarked;
