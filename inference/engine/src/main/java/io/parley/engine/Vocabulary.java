package io.parley.engine;

/** What the engine needs of a tokenizer. Implementations are immutable or thread-safe. */
public interface Vocabulary {
  /** How many tokens there are: ids are 0 … size − 1, and a logits row has as many numbers. */
  int size();

  /**
   * The bytes that a token stands for: a part of UTF-8 text that may begin or end inside a
   * character; empty for a control token. The caller does not change the array.
   */
  byte[] bytes(int token);

  /** Whether this token ends the model's turn. */
  boolean isEndOfTurn(int token);
}
