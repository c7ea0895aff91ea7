package io.parley.chat.search;

import java.util.ArrayList;
import java.util.List;

/**
 * The part of a text that shows best why it was found, cut into pieces that are hits and pieces
 * that are not. What is left out before or behind is an ellipsis.
 */
public record Snippet(List<Piece> pieces) {
  /** UTF-16 units that a snippet has, about. */
  static final int CHARS = 200;

  /** How far a cut may move to fall between two words. */
  private static final int CUT_SLACK = 20;

  private static final int MAX_WORDS = 20_000;

  /** A part of the text as it stands there. */
  public record Piece(String text, boolean hit) {}

  public Snippet {
    pieces = List.copyOf(pieces);
  }

  static Snippet of(String text, List<Word> wanted) {
    List<Word> hits =
        Words.of(text, MAX_WORDS).stream()
            .filter(word -> wanted.stream().anyMatch(w -> w.finds(word)))
            .toList();
    int from = cutBefore(text, hits.isEmpty() ? 0 : best(hits, wanted) - CHARS / 4);
    int to = cutAfter(text, from + CHARS);
    return new Snippet(pieces(text, from, to, hits));
  }

  /** Where the stretch begins that has most of the different words that are looked for. */
  private static int best(List<Word> hits, List<Word> wanted) {
    int bestStart = hits.getFirst().start();
    long most = 0;
    for (int i = 0; i < hits.size() && most < wanted.size(); i++) {
      int start = hits.get(i).start();
      List<Word> near =
          hits.subList(i, hits.size()).stream()
              .takeWhile(word -> word.end() <= start + CHARS * 3 / 4)
              .toList();
      long different = wanted.stream().filter(w -> near.stream().anyMatch(w::finds)).count();
      if (different > most) {
        most = different;
        bestStart = start;
      }
    }
    return bestStart;
  }

  private static int cutBefore(String text, int wish) {
    if (wish <= CUT_SLACK) {
      return 0;
    }
    int blank = text.lastIndexOf(' ', wish);
    return blank > wish - CUT_SLACK ? blank + 1 : wholeCharacter(text, wish);
  }

  private static int cutAfter(String text, int wish) {
    if (wish + CUT_SLACK >= text.length()) {
      return text.length();
    }
    int blank = text.indexOf(' ', wish);
    return blank >= 0 && blank < wish + CUT_SLACK ? blank : wholeCharacter(text, wish);
  }

  private static int wholeCharacter(String text, int at) {
    return Character.isLowSurrogate(text.charAt(at)) ? at - 1 : at;
  }

  private static List<Piece> pieces(String text, int from, int to, List<Word> hits) {
    List<Piece> pieces = new ArrayList<>();
    int at = from;
    for (Word hit : hits) {
      if (hit.start() >= at && hit.end() <= to) {
        add(pieces, text.substring(at, hit.start()), false);
        add(pieces, text.substring(hit.start(), hit.end()), true);
        at = hit.end();
      }
    }
    add(pieces, text.substring(at, to), false);
    return withEllipses(pieces, from > 0, to < text.length());
  }

  private static void add(List<Piece> pieces, String text, boolean hit) {
    if (!text.isEmpty()) {
      pieces.add(new Piece(text, hit));
    }
  }

  private static List<Piece> withEllipses(List<Piece> pieces, boolean before, boolean behind) {
    if (before) {
      pieces.addFirst(new Piece("… ", false));
    }
    if (behind) {
      pieces.addLast(new Piece(" …", false));
    }
    return pieces;
  }
}
