package io.parley.chat.conversations;

import java.util.Locale;

/** Who gave a conversation its title. What a user gave, nobody else changes. */
public enum TitleBy {
  NOBODY,
  MODEL,
  USER;

  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  static TitleBy of(String wireName) {
    return valueOf(wireName.toUpperCase(Locale.ROOT));
  }
}
