/**
 * The port to the messages of conversations. Main type: {@link
 * io.parley.ports.conversation.MessageStore}. It keeps bytes in order; what they mean, and whose
 * they are, is the service's.
 */
@NullMarked
package io.parley.ports.conversation;

import org.jspecify.annotations.NullMarked;
