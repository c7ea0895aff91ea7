package io.parley.training.eval;

import io.parley.training.corpus.EvaluationCase;

/**
 * What a model said to a case.
 *
 * @param given its whole answer, stripped
 */
public record Answer(EvaluationCase question, String given) {
  public Answer {
    given = given.strip();
  }

  /** Whether it is the expected text, character by character. */
  public boolean exact() {
    return given.equals(question.expected());
  }
}
