package io.parley.serving;

import io.parley.engine.Vocabulary;
import io.parley.ports.model.Prompt;

/** Tokens 0 … 25 are the letters; the last one ends the turn. */
class Alphabet implements Vocabulary {
  static final int END_OF_TURN = 26;

  @Override
  public int size() {
    return 27;
  }

  @Override
  public byte[] bytes(int token) {
    return new byte[] {(byte) ('a' + token)};
  }

  @Override
  public boolean isEndOfTurn(int token) {
    return token == END_OF_TURN;
  }

  /** The letters of the last turn; others are left out. */
  static int[] encode(Prompt prompt) {
    return prompt
        .turns()
        .getLast()
        .text()
        .chars()
        .filter(Character::isLetter)
        .map(c -> c - 'a')
        .toArray();
  }
}
