package io.parley.training.batch;

import io.parley.training.llama.Windows;
import java.util.ArrayList;
import java.util.List;

/**
 * Lays conversations into windows of one length. Padding is token 0 in a segment of its own and
 * counts for nothing.
 */
final class WindowBuilder {
  private final int windowTokens;
  private final float userWeight;
  private final boolean joined;
  private final List<Row> rows = new ArrayList<>();

  /**
   * @param joined whether the conversations of a window are turns of one conversation: positions
   *     run on, attention reaches back over all of them, and only the first has a {@code <|begin|>}
   */
  WindowBuilder(int windowTokens, float userWeight, boolean joined) {
    this.windowTokens = windowTokens;
    this.userWeight = userWeight;
    this.joined = joined;
  }

  /** The places a conversation takes in a window: its last token is only ever predicted. */
  static int places(EncodedConversation conversation) {
    return conversation.tokens().length - 1;
  }

  int windowTokens() {
    return windowTokens;
  }

  boolean isEmpty() {
    return rows.isEmpty();
  }

  /** Adds to the first window with room for the whole conversation; false if there is none. */
  boolean addToOpenWindow(EncodedConversation conversation) {
    for (Row row : rows) {
      if (row.length + places(conversation) <= windowTokens) {
        row.append(conversation);
        return true;
      }
    }
    return false;
  }

  /** Opens a window with this conversation, cut to the window's length. */
  void addToNewWindow(EncodedConversation conversation) {
    Row row = new Row();
    rows.add(row);
    row.append(conversation);
  }

  Windows build() {
    int size = rows.size() * windowTokens;
    Windows windows =
        new Windows(
            rows.size(),
            windowTokens,
            new int[size],
            new int[size],
            new float[size],
            new int[size],
            new int[size]);
    for (int i = 0; i < rows.size(); i++) {
      rows.get(i).copyTo(windows, i * windowTokens);
    }
    return windows;
  }

  private final class Row {
    private final int[] tokens = new int[windowTokens];
    private final int[] targets = new int[windowTokens];
    private final float[] weights = new float[windowTokens];
    private final int[] segments = new int[windowTokens];
    private final int[] positions = new int[windowTokens];
    private int length;
    private int conversations;

    void append(EncodedConversation conversation) {
      int[] source = conversation.tokens();
      // In a joined window the begin token of a later conversation gives its place to the end
      // token of the one before, which must be read there and not only be predicted.
      boolean continues = joined && length > 0;
      int bridgeToken = continues ? targets[length - 1] : source[0];
      int count = Math.min(places(conversation), windowTokens - length);
      for (int i = 0; i < count; i++) {
        boolean bridge = continues && i == 0;
        tokens[length] = i == 0 ? bridgeToken : source[i];
        targets[length] = source[i + 1];
        weights[length] = bridge ? 0 : conversation.answers()[i + 1] ? 1 : userWeight;
        segments[length] = joined ? 0 : conversations;
        positions[length] = joined ? length : i;
        length++;
      }
      conversations++;
    }

    void copyTo(Windows windows, int offset) {
      for (int i = length; i < windowTokens; i++) {
        segments[i] = conversations;
        positions[i] = i - length;
      }
      System.arraycopy(tokens, 0, windows.tokens(), offset, windowTokens);
      System.arraycopy(targets, 0, windows.targets(), offset, windowTokens);
      System.arraycopy(weights, 0, windows.targetWeights(), offset, windowTokens);
      System.arraycopy(segments, 0, windows.segments(), offset, windowTokens);
      System.arraycopy(positions, 0, windows.positions(), offset, windowTokens);
    }
  }
}
