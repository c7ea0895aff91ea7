package io.parley.safety;

import io.parley.ports.model.CachePoint;

/**
 * A change that a gate asks for. The guards make it; gates only say where.
 *
 * @param part the index of the turn, {@link CachePoint#IN_SYSTEM} for the system prompt, {@link
 *     #ANSWER} for an answer
 * @param start the first character that goes, counted from the beginning of the text as it came
 * @param end the first one that stays, above {@code start}
 * @param with what takes their place; may be empty
 */
public record Edit(int part, int start, int end, String with) {
  /** The one part of an answer. */
  public static final int ANSWER = 0;

  public Edit {
    if (part < CachePoint.IN_SYSTEM || start < 0 || end <= start) {
      throw new IllegalArgumentException("no such place: " + part + " " + start + " to " + end);
    }
  }
}
