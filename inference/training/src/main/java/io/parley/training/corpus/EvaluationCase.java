package io.parley.training.corpus;

import java.util.List;

/**
 * A question that training never shows.
 *
 * @param category what it measures, such as {@code facts-unknown}
 * @param prompt ends with the user's turn
 * @param expected the one right answer; the model's counts if it is equal once stripped
 */
public record EvaluationCase(String category, List<Message> prompt, String expected) {
  public EvaluationCase {
    prompt = List.copyOf(prompt);
  }

  static EvaluationCase single(String category, String question, String expected) {
    return new EvaluationCase(category, List.of(Message.user(question)), expected);
  }
}
