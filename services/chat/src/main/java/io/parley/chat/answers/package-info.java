/**
 * Answers as they are written. Main types: {@link io.parley.chat.answers.Answers}, which takes what
 * users send and has it answered; {@link io.parley.chat.answers.AnswerJob}, one answer on its way,
 * which needs nobody to watch it; {@link io.parley.chat.answers.History}, messages whether they are
 * stored or still being written.
 *
 * <p>The text of an answer goes, sealed, into a stream that outlives this process ({@link
 * io.parley.chat.answers.AnswerTexts}); a viewer has seen nothing that is not there. Everything is
 * thread-safe and may block. It knows of no HTTP and no model but through the Messages API.
 */
@NullMarked
package io.parley.chat.answers;

import org.jspecify.annotations.NullMarked;
