/**
 * The Messages API for services of this platform: the same limits, gates, accounts and audit that
 * clients meet over HTTP, without HTTP. Main type: {@link io.parley.ports.messages.MessagesApi}. It
 * knows of no conversation that is kept, and of nobody who reads along.
 */
@NullMarked
package io.parley.ports.messages;

import org.jspecify.annotations.NullMarked;
