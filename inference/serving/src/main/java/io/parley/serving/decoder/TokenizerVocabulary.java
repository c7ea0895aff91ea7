package io.parley.serving.decoder;

import io.parley.engine.Vocabulary;
import io.parley.model.tokenizer.Tokenizer;

/** A tokenizer as the engine needs it: a special token that a model writes is no text. */
record TokenizerVocabulary(Tokenizer tokenizer) implements Vocabulary {
  private static final byte[] NO_TEXT = {};

  @Override
  public int size() {
    return tokenizer.vocabularySize();
  }

  @Override
  public byte[] bytes(int token) {
    return tokenizer.isSpecial(token) ? NO_TEXT : tokenizer.bytes(token);
  }

  @Override
  public boolean isEndOfTurn(int token) {
    return tokenizer.isEndOfTurn(token);
  }
}
