package io.parley.safety;

/** Text of an answer that passed the output gate. Only an {@link OutputScreen} makes one. */
public final class ReleasedText {
  private final String text;

  ReleasedText(String text) {
    this.text = text;
  }

  /** Empty while the look-ahead window fills. */
  public String text() {
    return text;
  }

  public boolean isEmpty() {
    return text.isEmpty();
  }
}
