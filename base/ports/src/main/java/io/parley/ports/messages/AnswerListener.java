package io.parley.ports.messages;

/**
 * Is told what happens to one answer: {@link AnswerEvent.Started} if the model ever begins, any
 * number of {@link AnswerEvent.Text}, then exactly one {@link AnswerEvent.Ended}, and nothing after
 * it. One event at a time, in order, on a thread that may block; whoever takes long holds up his
 * own answer alone.
 */
@FunctionalInterface
public interface AnswerListener {
  void on(AnswerEvent event);
}
