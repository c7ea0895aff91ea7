package io.parley.serving;

import io.parley.common.ParleyException;
import java.util.List;
import java.util.Optional;

/** Names under which clients may ask for a model, in order: the first that matches counts. */
public record AliasTable(List<Alias> aliases) {
  /** No aliases. */
  public static final AliasTable EMPTY = new AliasTable(List.of());

  public AliasTable {
    aliases = List.copyOf(aliases);
  }

  /**
   * One name or one family of names.
   *
   * @param pattern a name; each {@code *} stands for any run of characters, none included
   * @param modelId the model that answers
   */
  public record Alias(String pattern, String modelId) {
    public Alias {
      if (pattern.isBlank() || modelId.isBlank()) {
        throw ParleyException.invalid(
            "model_aliases: pattern and model must not be blank: \"%s\" → \"%s\""
                .formatted(pattern, modelId));
      }
    }

    /**
     * Whether a name fits the pattern: greedily from the left, going back to the last {@code *}
     * only, so that no name makes it slow.
     */
    boolean matches(String name) {
      int at = 0;
      int star = -1; // where the last star stands
      int afterStar = 0; // where what follows that star is tried in the name
      for (int i = 0; i < name.length(); ) {
        if (at < pattern.length() && pattern.charAt(at) == '*') {
          star = at++;
          afterStar = i;
        } else if (at < pattern.length() && pattern.charAt(at) == name.charAt(i)) {
          at++;
          i++;
        } else if (star >= 0) {
          at = star + 1;
          i = ++afterStar;
        } else {
          return false;
        }
      }
      return pattern.substring(at).chars().allMatch(c -> c == '*');
    }
  }

  /** The id of the model that answers to this name. */
  public Optional<String> resolve(String name) {
    return aliases.stream().filter(alias -> alias.matches(name)).map(Alias::modelId).findFirst();
  }
}
