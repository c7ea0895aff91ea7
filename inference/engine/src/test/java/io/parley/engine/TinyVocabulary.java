package io.parley.engine;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Letters, pairs of letters, the single bytes of some long characters, bytes that can be no UTF-8,
 * and an end of turn: few tokens, but every kind.
 */
final class TinyVocabulary implements Vocabulary {
  static final int END_OF_TURN = 0;

  private final List<byte[]> tokens = new ArrayList<>();

  TinyVocabulary() {
    tokens.add(new byte[0]);
    for (String text : List.of("a", "b", "c", "d", "ab", "ba", "cab", " ", "\n", "é", "\uFFFD")) {
      tokens.add(text.getBytes(StandardCharsets.UTF_8));
    }
    for (byte part : "é€😀".getBytes(StandardCharsets.UTF_8)) {
      tokens.add(new byte[] {part});
    }
    tokens.add(new byte[] {(byte) 0xff});
    tokens.add(new byte[] {'a', (byte) 0xf0, (byte) 0x9f});
    tokens.add(new byte[] {(byte) 0x98, (byte) 0x80, 'b'});
  }

  /** The token with these bytes. */
  int token(String text) {
    byte[] wanted = text.getBytes(StandardCharsets.UTF_8);
    for (int token = 1; token < tokens.size(); token++) {
      if (Arrays.equals(tokens.get(token), wanted)) {
        return token;
      }
    }
    throw new IllegalArgumentException(text);
  }

  @Override
  public int size() {
    return tokens.size();
  }

  @Override
  public byte[] bytes(int token) {
    return tokens.get(token);
  }

  @Override
  public boolean isEndOfTurn(int token) {
    return token == END_OF_TURN;
  }
}
