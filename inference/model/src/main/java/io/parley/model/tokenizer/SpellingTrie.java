package io.parley.model.tokenizer;

import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * Finds the spellings of tokens in text: at each place the longest that begins there, from left to
 * right. Takes time in proportion to the text and the longest spelling, however many there are.
 * Immutable.
 */
final class SpellingTrie {
  private static final int NONE = -1;

  private final Node root = new Node();

  private static final class Node {
    private final Map<Character, Node> next = new HashMap<>();
    private int token = NONE;
  }

  /** What a text is made of, in order. */
  interface Sections {
    /** Text without any of the spellings; never empty. */
    void text(String section);

    /** One of the spellings. */
    void token(int id);
  }

  SpellingTrie(Map<String, Integer> ids) {
    ids.forEach(this::add);
  }

  private void add(String spelling, int id) {
    Node node = root;
    for (int i = 0; i < spelling.length(); i++) {
      node = node.next.computeIfAbsent(spelling.charAt(i), c -> new Node());
    }
    node.token = id;
  }

  /**
   * Cuts a text.
   *
   * @param cleaning goes over each section of text before it is handed out
   */
  void split(String text, UnaryOperator<String> cleaning, Sections out) {
    int end = 0;
    for (int at = 0; at < text.length(); ) {
      int length = 0;
      int token = NONE;
      Node node = root.next.get(text.charAt(at));
      for (int i = at + 1; node != null; i++) {
        if (node.token != NONE) {
          length = i - at;
          token = node.token;
        }
        node = i < text.length() ? node.next.get(text.charAt(i)) : null;
      }
      if (token == NONE) {
        at++;
        continue;
      }
      section(cleaning.apply(text.substring(end, at)), out);
      out.token(token);
      at += length;
      end = at;
    }
    section(cleaning.apply(text.substring(end)), out);
  }

  private static void section(String text, Sections out) {
    if (!text.isEmpty()) {
      out.text(text);
    }
  }
}
