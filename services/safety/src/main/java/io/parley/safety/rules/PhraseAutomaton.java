package io.parley.safety.rules;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Finds any of many phrases in one pass: the automaton of Aho and Corasick (Efficient string
 * matching: an aid to bibliographic search, CACM 1975), with its failure links worked into a full
 * table so that each symbol costs one look-up. Immutable.
 *
 * <p>A phrase is words with one separator before, between and after them; the text must be folded
 * by {@link Letters}, with runs of separators made one.
 */
final class PhraseAutomaton {
  static final int START = 0;

  private static final int NONE = -1;
  private static final int[] NOTHING = {};

  private final int[] next;
  private final int[][] found;

  private PhraseAutomaton(int[] next, int[][] found) {
    this.next = next;
    this.found = found;
  }

  /** The phrase with index i is reported as i. */
  static PhraseAutomaton of(List<String> phrases) {
    return new Builder().add(phrases).build();
  }

  int step(int state, int symbol) {
    return next[state * Letters.SYMBOLS + symbol];
  }

  /** Indices of the phrases that end in this state. */
  int[] found(int state) {
    return found[state];
  }

  private static final class Builder {
    private final List<int[]> rows = new ArrayList<>();
    private final List<int[]> found = new ArrayList<>();

    Builder() {
      newState();
    }

    Builder add(List<String> phrases) {
      for (int i = 0; i < phrases.size(); i++) {
        add(" " + phrases.get(i) + " ", i);
      }
      return this;
    }

    private void add(String phrase, int index) {
      int state = START;
      for (int i = 0; i < phrase.length(); i++) {
        int symbol = Letters.symbol(phrase.charAt(i));
        if (rows.get(state)[symbol] == NONE) {
          rows.get(state)[symbol] = newState();
        }
        state = rows.get(state)[symbol];
      }
      found.set(state, with(found.get(state), new int[] {index}));
    }

    private int newState() {
      int[] row = new int[Letters.SYMBOLS];
      Arrays.fill(row, NONE);
      rows.add(row);
      found.add(NOTHING);
      return rows.size() - 1;
    }

    /** Breadth first: a state's failure state is nearer to the start and so complete already. */
    PhraseAutomaton build() {
      int[] failure = new int[rows.size()];
      ArrayDeque<Integer> open = new ArrayDeque<>(List.of(START));
      while (!open.isEmpty()) {
        int state = open.remove();
        for (int symbol = 0; symbol < Letters.SYMBOLS; symbol++) {
          int otherwise = state == START ? START : rows.get(failure[state])[symbol];
          int child = rows.get(state)[symbol];
          if (child == NONE) {
            rows.get(state)[symbol] = otherwise;
          } else {
            failure[child] = otherwise;
            found.set(child, with(found.get(child), found.get(otherwise)));
            open.add(child);
          }
        }
      }
      return new PhraseAutomaton(
          rows.stream().flatMapToInt(Arrays::stream).toArray(), found.toArray(new int[0][]));
    }

    private static int[] with(int[] some, int[] more) {
      int[] all = Arrays.copyOf(some, some.length + more.length);
      System.arraycopy(more, 0, all, some.length, more.length);
      return all;
    }
  }
}
