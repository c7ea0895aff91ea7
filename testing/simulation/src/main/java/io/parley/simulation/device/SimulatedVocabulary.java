package io.parley.simulation.device;

import io.parley.engine.Vocabulary;

/**
 * Seven words without text and an end of turn: so small that drawing a token costs next to nothing,
 * and enough for prompts that differ.
 */
public enum SimulatedVocabulary implements Vocabulary {
  INSTANCE;

  /** How many tokens there are. */
  public static final int SIZE = 8;

  /** The token that ends a turn; all others are words. */
  public static final int END_OF_TURN = 0;

  /** The word that the simulated model says. */
  public static final int WORD = 1;

  private static final byte[] NO_TEXT = {};

  @Override
  public int size() {
    return SIZE;
  }

  @Override
  public byte[] bytes(int token) {
    return NO_TEXT;
  }

  @Override
  public boolean isEndOfTurn(int token) {
    return token == END_OF_TURN;
  }
}
