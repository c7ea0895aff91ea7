package io.parley.chat.search;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** Something that a user can find. */
public sealed interface Searchable {
  String userId();

  String conversationId();

  String text();

  Instant at();

  /** How the index knows it, unique for its user. */
  String id();

  Map<String, String> labels();

  /**
   * A message that is complete, as far as it will be.
   *
   * @param role {@code user} or {@code assistant}
   * @param model that answered; empty for a user's message
   */
  record Message(
      String userId,
      String conversationId,
      String messageId,
      String role,
      Optional<String> model,
      Instant at,
      String text)
      implements Searchable {
    @Override
    public String id() {
      return messageId;
    }

    @Override
    public Map<String, String> labels() {
      return model.isPresent() ? Map.of("role", role, "model", model.get()) : Map.of("role", role);
    }
  }

  /** The title of a conversation. It has no role, so a search for one does not find it. */
  record Title(String userId, String conversationId, Instant at, String text)
      implements Searchable {
    private static final String PREFIX = "title:";

    static String idOf(String conversationId) {
      return PREFIX + conversationId;
    }

    static boolean isTitle(String id) {
      return id.startsWith(PREFIX);
    }

    @Override
    public String id() {
      return idOf(conversationId);
    }

    @Override
    public Map<String, String> labels() {
      return Map.of();
    }
  }
}
