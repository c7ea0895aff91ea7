package io.parley.safety.shape;

import java.util.Arrays;
import java.util.List;

/**
 * A string of a fixed form, such as an API key: literal characters and {@code [classes]}, each
 * repeated exactly {@code {n}} times, at most 64 characters in all, case-sensitive and ASCII. It is
 * found only where no letter or digit stands before it. Immutable.
 *
 * <p>Matched by the Shift-And method (Baeza-Yates and Gonnet, A new approach to text searching,
 * CACM 1992): bit i of the state says that the last i + 1 characters of the text match the first i
 * + 1 of the shape, so a character costs a shift and a mask.
 */
public final class Shape {
  /** Characters that one may have. */
  public static final int MAX_CHARS = Long.SIZE;

  private final long[] accepted = new long[128];
  private final long last;

  private Shape(List<boolean[]> positions) {
    last = 1L << (positions.size() - 1);
    for (int i = 0; i < positions.size(); i++) {
      for (int c = 0; c < accepted.length; c++) {
        accepted[c] |= positions.get(i)[c] ? 1L << i : 0;
      }
    }
  }

  /**
   * Reads the notation.
   *
   * @throws IllegalArgumentException if the shape is malformed, empty or too long; the message says
   *     where
   */
  public static Shape parse(String shape) {
    List<boolean[]> positions = new ShapeParser(shape).positions();
    if (positions.isEmpty() || positions.size() > MAX_CHARS) {
      throw new IllegalArgumentException("a shape has 1 to " + MAX_CHARS + " characters: " + shape);
    }
    return new Shape(positions);
  }

  /**
   * The state after one more character.
   *
   * @param mayBegin whether a match may begin at this character
   */
  public long step(long state, char c, boolean mayBegin) {
    return c < accepted.length ? ((state << 1) | (mayBegin ? 1 : 0)) & accepted[c] : 0;
  }

  /** Whether the text ends with a whole match. */
  public boolean found(long state) {
    return (state & last) != 0;
  }

  /** How many characters of the shape the end of the text matches, at most. */
  public static int matchedChars(long state) {
    return Long.SIZE - Long.numberOfLeadingZeros(state);
  }

  /** Whether a match may begin with this character. */
  public boolean beginsWith(char c) {
    return c < accepted.length && (accepted[c] & 1) != 0;
  }

  /** How many characters a match has. */
  public int chars() {
    return Shape.matchedChars(last);
  }

  static boolean[] only(char c) {
    boolean[] accepts = new boolean[128];
    Arrays.fill(accepts, c, c + 1, true);
    return accepts;
  }
}
