package io.parley.web;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the stub of the chat service keeps: conversations and their trees of messages. It outlives a
 * restart, as a disk would. Belongs to one event loop.
 */
final class StubChats {
  private static final String DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  private static final long EPOCH_MS = 1_790_000_000_000L;

  /** Conversations, the newest last. */
  final Map<String, JsonObject> conversations = new LinkedHashMap<>();

  private final Map<String, NavigableMap<String, JsonObject>> messages = new HashMap<>();
  private final Map<String, JsonObject> byClientId = new HashMap<>();
  private int clock;

  /** A ULID that is greater than all before it. */
  private String ulid() {
    var text = new StringBuilder();
    long time = EPOCH_MS + clock++;
    for (int i = 9; i >= 0; i--) {
      text.append(DIGITS.charAt((int) (time >> (5 * i)) & 31));
    }
    return text.append("0000000000000000").toString();
  }

  private String now() {
    return Instant.ofEpochMilli(EPOCH_MS + clock).toString();
  }

  JsonObject create(JsonObject wanted) {
    String id = wanted.getString("id", "conv_" + ulid());
    return conversations.computeIfAbsent(
        id,
        key -> {
          messages.put(key, new TreeMap<>());
          return new JsonObject()
              .put("id", key)
              .put("title", wanted.getString("title"))
              .put("title_by", "nobody")
              .put("model", wanted.getString("model"))
              .put("system", wanted.getString("system"))
              .put("archived", false)
              .put("flagged", false)
              .put("created_at", now())
              .put("last_activity_at", now())
              .put("version", 1)
              .putNull("head_id")
              .putNull("read_id")
              .putNull("answering_id")
              .put("usage", new JsonObject().put("input_tokens", 0).put("output_tokens", 0))
              .putNull("share_id");
        });
  }

  JsonObject add(
      String conversation, @Nullable String parent, String role, String text, String status) {
    var content = new JsonArray().add(new JsonObject().put("type", "text").put("text", text));
    return add(conversation, parent, role, content, status);
  }

  JsonObject add(
      String conversation, @Nullable String parent, String role, JsonArray content, String status) {
    String id = "cmsg_" + ulid();
    var message =
        new JsonObject()
            .put("id", id)
            .put("conversation_id", conversation)
            .put("parent_id", parent)
            .put("role", role)
            .put("content", content)
            .put("model", role.equals("assistant") ? "parley-base" : null)
            .put("status", status)
            .putNull("stop_reason")
            .putNull("error")
            .putNull("usage")
            .put("created_at", now())
            .putNull("client_id");
    tree(conversation).put(id, message);
    conversation(conversation).put("head_id", id).put("last_activity_at", now());
    return message;
  }

  /** A conversation of questions and answers in turn: "Question 0", "Answer 1", … */
  String seed(String title, int count) {
    String id = create(new JsonObject().put("title", title)).getString("id");
    String parent = null;
    for (int i = 0; i < count; i++) {
      boolean asks = i % 2 == 0;
      String text = asks ? "Question " + i : "Answer **" + i + "** " + "and so on ".repeat(i % 40);
      parent = add(id, parent, asks ? "user" : "assistant", text, "complete").getString("id");
    }
    conversation(id).put("read_id", parent);
    return id;
  }

  JsonObject conversation(String id) {
    return Objects.requireNonNull(conversations.get(id));
  }

  /** The messages of a conversation, oldest first. */
  NavigableMap<String, JsonObject> tree(String conversation) {
    return Objects.requireNonNull(messages.get(conversation));
  }

  JsonObject page(String conversation, @Nullable String before, @Nullable String after, int limit) {
    NavigableMap<String, JsonObject> all = tree(conversation);
    List<JsonObject> found;
    boolean more;
    if (after != null) {
      var rest = all.tailMap(after, false);
      found = rest.values().stream().limit(limit).toList();
      more = rest.size() > limit;
    } else {
      var rest = before == null ? all : all.headMap(before, false);
      found = new ArrayList<>(rest.descendingMap().values().stream().limit(limit).toList());
      found = found.reversed();
      more = rest.size() > limit;
    }
    return new JsonObject().put("data", new JsonArray(found)).put("has_more", more);
  }

  JsonObject search(String words, String role) {
    var hits = new JsonArray();
    for (JsonObject conversation : conversations.values()) {
      for (JsonObject message : tree(conversation.getString("id")).values()) {
        int at = text(message).indexOf(words);
        boolean wanted = role.isEmpty() || message.getString("role").equals(role);
        if (at >= 0 && wanted && hits.size() < 20) {
          hits.add(hit(conversation, message, words, at));
        }
      }
    }
    return new JsonObject().put("data", hits).put("has_more", false).putNull("next");
  }

  private static JsonObject hit(JsonObject conversation, JsonObject message, String words, int at) {
    String text = text(message);
    return new JsonObject()
        .put("conversation_id", conversation.getString("id"))
        .put("title", conversation.getString("title"))
        .put("message_id", message.getString("id"))
        .put("role", message.getString("role"))
        .put("model", message.getString("model"))
        .put("created_at", message.getString("created_at"))
        .put(
            "snippet",
            new JsonArray()
                .add(new JsonObject().put("text", text.substring(0, at)).put("hit", false))
                .add(new JsonObject().put("text", words).put("hit", true))
                .add(
                    new JsonObject()
                        .put("text", text.substring(at + words.length()))
                        .put("hit", false)));
  }

  static String text(JsonObject message) {
    return message.getJsonArray("content").stream()
        .map(JsonObject.class::cast)
        .filter(block -> block.getString("type").equals("text"))
        .map(block -> block.getString("text"))
        .collect(Collectors.joining());
  }

  static void append(JsonObject message, String piece) {
    JsonObject block = message.getJsonArray("content").getJsonObject(0);
    block.put("text", block.getString("text") + piece);
  }

  /** A user wrote to the conversation: it has another version. */
  static void written(JsonObject conversation) {
    conversation.put("version", conversation.getInteger("version") + 1);
  }

  @Nullable JsonObject sent(String clientId) {
    return byClientId.get(clientId);
  }

  void remember(String clientId, JsonObject reply) {
    byClientId.put(clientId, reply);
  }
}
