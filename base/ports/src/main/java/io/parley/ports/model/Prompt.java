package io.parley.ports.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the model is to continue, before its chat template.
 *
 * @param system the system prompt, empty if there is none
 * @param turns at least one; if the last is the assistant's, the model continues that text
 * @param cachePoint how far the prompt is marked as a beginning of others, null if it is not
 */
public record Prompt(String system, List<Turn> turns, @Nullable CachePoint cachePoint) {
  public Prompt {
    turns = List.copyOf(turns);
    if (turns.isEmpty()) {
      throw new IllegalArgumentException("a prompt needs at least one turn");
    }
    if (cachePoint != null) {
      requireInside(cachePoint, system, turns);
    }
  }

  /** A prompt without a marker. */
  public Prompt(String system, List<Turn> turns) {
    this(system, turns, null);
  }

  private static void requireInside(CachePoint point, String system, List<Turn> turns) {
    boolean known = point.turn() >= CachePoint.IN_SYSTEM && point.turn() < turns.size();
    if (!known || point.chars() < 0 || point.chars() > text(point, system, turns).length()) {
      throw new IllegalArgumentException("no such place in the prompt: " + point);
    }
  }

  private static String text(CachePoint point, String system, List<Turn> turns) {
    return point.turn() == CachePoint.IN_SYSTEM ? system : turns.get(point.turn()).text();
  }

  /**
   * A prompt that begins as this one does and goes on to the cache point only; empty if there is
   * none. After a marked system prompt comes an empty turn.
   */
  public Optional<Prompt> marked() {
    if (cachePoint == null) {
      return Optional.empty();
    }
    String text = text(cachePoint, system, turns).substring(0, cachePoint.chars());
    if (cachePoint.turn() == CachePoint.IN_SYSTEM) {
      return Optional.of(new Prompt(text, List.of(new Turn(Role.USER, ""))));
    }
    List<Turn> before = new ArrayList<>(turns.subList(0, cachePoint.turn()));
    before.add(new Turn(turns.get(cachePoint.turn()).role(), text));
    return Optional.of(new Prompt(system, before));
  }

  /** One message of the conversation. */
  public record Turn(Role role, String text) {}

  /** Who speaks. */
  public enum Role {
    USER,
    ASSISTANT
  }
}
