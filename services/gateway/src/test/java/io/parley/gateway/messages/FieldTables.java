package io.parley.gateway.messages;

import java.util.Set;
import java.util.TreeSet;

/** Lets tests of other packages see which fields a request may have. */
public final class FieldTables {
  private FieldTables() {}

  public static Set<String> messages() {
    return new TreeSet<>(RequestReader.MESSAGES_FIELDS);
  }

  public static Set<String> countTokens() {
    return new TreeSet<>(RequestReader.COUNT_TOKENS_FIELDS);
  }
}
