/**
 * The Messages API without its transport: what a request may say, and the way it takes from the
 * client to the model and back. Main type: {@link io.parley.gateway.messages.MessagesPipeline}.
 *
 * <p>The pipelines block and run on a thread of their own per request; an {@link
 * io.parley.gateway.messages.Answer} and its writer belong to the thread that writes to the client.
 * Everything else is immutable or thread-safe. Nothing here knows of HTTP, of how an answer is
 * encoded, or of what stands behind the ports.
 */
@NullMarked
package io.parley.gateway.messages;

import org.jspecify.annotations.NullMarked;
