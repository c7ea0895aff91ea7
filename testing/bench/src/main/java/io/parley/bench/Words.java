package io.parley.bench;

import io.parley.engine.Vocabulary;

/**
 * A few letters, none of which ends the turn: a vocabulary from which a token is drawn at once, and
 * large enough that two tokens in a row seldom come again by chance.
 */
enum Words implements Vocabulary {
  INSTANCE;

  private static final int SIZE = 64;
  private static final byte[][] LETTERS = letters();

  private static byte[][] letters() {
    byte[][] letters = new byte[SIZE][];
    for (int i = 0; i < SIZE; i++) {
      letters[i] = new byte[] {(byte) ('!' + i)};
    }
    return letters;
  }

  @Override
  public int size() {
    return SIZE;
  }

  @Override
  public byte[] bytes(int token) {
    return LETTERS[token];
  }

  @Override
  public boolean isEndOfTurn(int token) {
    return false;
  }
}
