/**
 * Tells people of answers that ended while nobody watched, by mail or by calling an address. Main
 * type: {@link io.parley.chat.notifications.AnswerNotifications}. Thread-safe; everything blocks.
 *
 * <p>A notification is a row from the end of the answer on, so it survives the process, and is sent
 * at least once; its id tells a repetition. Neither carries text: who wants to read signs in. Knows
 * of no route, no cookie and no stream; whether somebody watches is asked of {@link
 * io.parley.chat.notifications.Watchers}.
 */
@NullMarked
package io.parley.chat.notifications;

import org.jspecify.annotations.NullMarked;
