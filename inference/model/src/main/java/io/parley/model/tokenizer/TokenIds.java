package io.parley.model.tokenizer;

import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/** Checks that ids are those of tokens; what is not is an IllegalArgumentException. */
final class TokenIds {
  private TokenIds() {}

  static void require(String what, int id, List<String> tokens) {
    if (id < 0 || id >= tokens.size()) {
      throw new IllegalArgumentException(
          "%s must be in [0, %d), not %d".formatted(what, tokens.size(), id));
    }
  }

  static void require(String what, OptionalInt id, List<String> tokens) {
    if (id.isPresent()) {
      require(what, id.getAsInt(), tokens);
    }
  }

  static void require(String what, Set<Integer> ids, List<String> tokens) {
    for (int id : ids) {
      require(what, id, tokens);
    }
  }

  /** Tokens that are looked for in text must have one. */
  static void requireSpelled(String what, Set<Integer> ids, List<String> tokens) {
    require(what, ids, tokens);
    for (int id : ids) {
      if (tokens.get(id).isEmpty()) {
        throw new IllegalArgumentException(what + " " + id + " is empty");
      }
    }
  }
}
