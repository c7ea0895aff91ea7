package io.parley.safety;

import java.util.ArrayDeque;
import java.util.List;

/**
 * The end of an answer, as the model wrote it, that is not released yet, and the edits to be made
 * in it. Positions count characters from the beginning of the answer.
 */
final class HeldText {
  private final StringBuilder text = new StringBuilder();
  private final ArrayDeque<Piece> pieces = new ArrayDeque<>();
  private final ArrayDeque<Edit> edits = new ArrayDeque<>();
  private int released;

  /** A piece that waits: where it ends, and the number of the last token in it. */
  private record Piece(int end, int lastToken) {}

  void add(String piece, int lastToken) {
    text.append(piece);
    pieces.add(new Piece(released + text.length(), lastToken));
  }

  /**
   * Takes edits, which come in order.
   *
   * @throws IllegalArgumentException if one is in text that was released, or overlaps another
   */
  void edit(List<Edit> more) {
    for (Edit edit : more) {
      int from = edits.isEmpty() ? released : edits.getLast().end();
      if (edit.start() < from || edit.end() > released + text.length()) {
        throw new IllegalArgumentException("an edit is out of place: " + edit);
      }
      edits.add(edit);
    }
  }

  void clear() {
    text.setLength(0);
    pieces.clear();
    edits.clear();
  }

  /** Takes out, edited, the pieces up to that token, but nothing of the last undecided ones. */
  String release(int lastToken, int undecidedChars) {
    int old = released;
    while (!pieces.isEmpty() && pieces.element().lastToken <= lastToken) {
      old = pieces.remove().end;
    }
    int end = Math.max(released, Math.min(old, released + text.length() - undecidedChars));
    String taken = take(whole(end));
    if (released < old) {
      // Old enough: it goes as soon as it is decided.
      pieces.addFirst(new Piece(old, lastToken));
    }
    return taken;
  }

  /** Not between the two halves of a character. */
  private int whole(int end) {
    int last = end - released - 1;
    return last >= 0 && Character.isHighSurrogate(text.charAt(last)) ? end - 1 : end;
  }

  private String take(int end) {
    StringBuilder out = new StringBuilder();
    int at = released;
    while (!edits.isEmpty() && edits.element().end() <= end) {
      Edit edit = edits.remove();
      out.append(text, at - released, edit.start() - released).append(edit.with());
      at = edit.end();
    }
    int stop = edits.isEmpty() ? end : Math.max(at, Math.min(end, edits.element().start()));
    out.append(text, at - released, stop - released);
    text.delete(0, stop - released);
    released = stop;
    return out.toString();
  }
}
