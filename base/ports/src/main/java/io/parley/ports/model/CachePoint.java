package io.parley.ports.model;

/**
 * How far a client marks its prompt as one that will begin others too: the last of its cache
 * markers. It changes no answer, only what {@link Usage} tells.
 *
 * @param turn the index of the turn in which it is, or {@link #IN_SYSTEM}
 * @param chars of the text there, how many are before it
 */
public record CachePoint(int turn, int chars) {
  /** In the place of a turn: the marker is in the system prompt. */
  public static final int IN_SYSTEM = -1;
}
