package io.parley.engine.text;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Looks for several sequences at once in text that comes char by char. Each sequence has an
 * automaton (Knuth, Morris, Pratt, "Fast Pattern Matching in Strings", 1977) whose state is how
 * many of its chars the text ends with: when the state reaches the length, the sequence is found,
 * and until then as many chars may yet become a part of it.
 */
final class StopMatcher {
  private final String[] sequences;
  private final int[][] borders; // by state: the next shorter state that the text also ends with
  private final int[] states;

  StopMatcher(List<String> sequences) {
    this.sequences = sequences.toArray(String[]::new);
    this.borders = sequences.stream().map(StopMatcher::bordersOf).toArray(int[][]::new);
    this.states = new int[this.sequences.length];
  }

  /** Reads one char; returns the longest sequence that ends with it, if any does. */
  @Nullable String read(char c) {
    String found = null;
    for (int i = 0; i < sequences.length; i++) {
      states[i] = next(sequences[i], borders[i], states[i], c);
      if (states[i] == sequences[i].length()
          && (found == null || found.length() < sequences[i].length())) {
        found = sequences[i];
      }
    }
    return found;
  }

  /** How many of the last chars may yet turn out to begin a sequence. */
  int undecided() {
    int longest = 0;
    for (int state : states) {
      longest = Math.max(longest, state);
    }
    return longest;
  }

  private static int next(String sequence, int[] borders, int from, char c) {
    int state = from;
    while (state > 0 && sequence.charAt(state) != c) {
      state = borders[state];
    }
    return sequence.charAt(state) == c ? state + 1 : 0;
  }

  private static int[] bordersOf(String sequence) {
    int[] borders = new int[sequence.length() + 1];
    for (int i = 1; i < sequence.length(); i++) {
      borders[i + 1] = next(sequence, borders, borders[i], sequence.charAt(i));
    }
    return borders;
  }
}
