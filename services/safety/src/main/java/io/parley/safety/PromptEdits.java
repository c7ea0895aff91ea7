package io.parley.safety;

import io.parley.ports.model.CachePoint;
import io.parley.ports.model.Prompt;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes the changes in a prompt that gates asked for. */
final class PromptEdits {
  private final Prompt prompt;
  private final List<Edit> edits;

  private PromptEdits(Prompt prompt, List<Edit> edits) {
    this.prompt = prompt;
    this.edits = edits;
  }

  /**
   * The prompt with all of the edits made, its cache marker behind the same words as before.
   *
   * @throws IllegalArgumentException if edits of a part overlap, or name a place that is not there
   */
  static Prompt made(Prompt prompt, List<Edit> edits) {
    return edits.isEmpty() ? prompt : new PromptEdits(prompt, edits).make();
  }

  private Prompt make() {
    String system = text(CachePoint.IN_SYSTEM, prompt.system());
    List<Prompt.Turn> turns = new ArrayList<>();
    for (int i = 0; i < prompt.turns().size(); i++) {
      Prompt.Turn turn = prompt.turns().get(i);
      turns.add(new Prompt.Turn(turn.role(), text(i, turn.text())));
    }
    return new Prompt(system, turns, cachePoint());
  }

  private List<Edit> of(int part) {
    return edits.stream().filter(edit -> edit.part() == part).toList();
  }

  private String text(int part, String text) {
    StringBuilder made = new StringBuilder(text.length());
    int at = 0;
    for (Edit edit : of(part)) {
      if (edit.start() < at || edit.end() > text.length()) {
        throw new IllegalArgumentException("an edit is out of place: " + edit);
      }
      made.append(text, at, edit.start()).append(edit.with());
      at = edit.end();
    }
    return made.append(text, at, text.length()).toString();
  }

  /** A marker inside of what is replaced moves behind it. */
  private @Nullable CachePoint cachePoint() {
    CachePoint point = prompt.cachePoint();
    if (point == null) {
      return null;
    }
    int chars = point.chars();
    for (Edit edit : of(point.turn())) {
      if (edit.start() < point.chars()) {
        int gone = Math.min(edit.end(), point.chars()) - edit.start();
        chars += edit.with().length() - gone;
      }
    }
    return new CachePoint(point.turn(), chars);
  }
}
