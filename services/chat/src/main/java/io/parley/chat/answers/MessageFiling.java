package io.parley.chat.answers;

import io.parley.chat.conversations.AnswerStore;
import io.parley.chat.conversations.Message;
import io.parley.chat.conversations.MessageLog;
import io.parley.chat.conversations.OpenAnswer;
import io.parley.chat.conversations.TokenUsage;
import io.parley.common.TimeSource;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores what has come to its end, in the one order that may break off anywhere: the question, the
 * answer, then in SQL that the answer is over, then that its stream is. Until the third step the
 * answer is open, and whoever starts next does all of it again. Thread-safe; blocks.
 */
final class MessageFiling {
  private static final Logger log = LoggerFactory.getLogger(MessageFiling.class);

  /** How often a step is tried. Stores that are away for longer leave it to the next start. */
  private static final int TRIES = 5;

  private final MessageLog messages;
  private final AnswerStore answers;
  private final AnswerTexts texts;
  private final Jobs jobs;
  private final TimeSource time;
  private final Ends ends;

  /** Is told of answers that have come to their end. Any thread; may block. */
  @FunctionalInterface
  interface Ends {
    /**
     * An answer is over.
     *
     * @param stored false if it could not be stored, or its conversation is gone
     */
    void ended(OpenAnswer answer, Message message, boolean stored);
  }

  MessageFiling(
      MessageLog messages,
      AnswerStore answers,
      AnswerTexts texts,
      Jobs jobs,
      TimeSource time,
      Ends ends) {
    this.messages = messages;
    this.answers = answers;
    this.texts = texts;
    this.jobs = jobs;
    this.time = time;
    this.ends = ends;
  }

  /**
   * Files an answer.
   *
   * @param added what this run of it took
   */
  void file(OpenAnswer answer, Message message, TokenUsage added) {
    boolean[] filed = new boolean[1];
    try {
      OpenAnswer.Question question = answer.question();
      if (question != null) {
        patiently(() -> messages.put(answer, question));
      }
      patiently(() -> messages.put(answer.owner().userId(), answer.bucket(), message));
      jobs.remove(answer); // it writes no more: who deletes the conversation need not wait for it
      Instant now = Instant.ofEpochMilli(time.now().toEpochMilli());
      patiently(() -> filed[0] = answers.end(answer, added, now));
    } catch (RuntimeException e) {
      log.error("answer {} cannot be stored; the next start does it", answer.id(), e);
    }
    try {
      texts.end(answer.stream());
    } finally {
      ends.ended(answer, message, filed[0]);
    }
  }

  /** Each step may be repeated, whatever became of it. */
  static void patiently(Runnable step) {
    for (int left = TRIES; ; left--) {
      try {
        step.run();
        return;
      } catch (RuntimeException e) {
        if (left <= 1) {
          throw e;
        }
        log.warn("storing an answer failed and is tried again", e);
      }
    }
  }
}
