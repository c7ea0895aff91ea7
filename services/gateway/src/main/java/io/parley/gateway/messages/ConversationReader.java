package io.parley.gateway.messages;

import io.parley.common.ParleyException;
import io.parley.gateway.json.Field;
import io.parley.ports.model.CachePoint;
import io.parley.ports.model.Prompt;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code system} and {@code messages}.
 *
 * <p>The blocks of one message are one text, joined as they are. Messages of one role in a row are
 * one turn, parts of the system prompt one prompt; both are joined by an empty line. A message of
 * role {@code system} in the middle of the conversation joins the system prompt. A last turn of the
 * assistant is the beginning of the answer. Thinking of earlier turns is left out.
 *
 * <p>Of the cache markers the last one counts, by its place in what the model reads: one in a
 * message is behind any in the system prompt, and one of the request itself is behind the last
 * message. Markers of tools are behind nothing that a model here reads.
 */
final class ConversationReader {
  private static final String BETWEEN_MESSAGES = "\n\n";
  private static final List<String> ROLES = List.of("user", "assistant", "system");
  private static final Set<String> MESSAGE_KEYS = Set.of("role", "content");
  private static final Set<String> TEXT_KEYS = Set.of("type", "text", "cache_control", "citations");
  private static final int NOWHERE = -1;

  private final CacheMarkers markers;
  private final List<Notice> notices;
  private final StringBuilder system = new StringBuilder();
  private final List<Prompt.Turn> turns = new ArrayList<>();
  private final StringBuilder turn = new StringBuilder();
  private Prompt.Role role = Prompt.Role.USER;
  private int markedChars = NOWHERE; // of the text that is being read
  private @Nullable CachePoint markedSystem;
  private @Nullable CachePoint markedTurn;

  private ConversationReader(CacheMarkers markers, List<Notice> notices) {
    this.markers = markers;
    this.notices = notices;
  }

  /**
   * @param markers has seen those of the tools
   * @param notices gets what is accepted and not used
   */
  static Conversation read(
      Field body, int maxMessages, CacheMarkers markers, List<Notice> notices) {
    ConversationReader reader = new ConversationReader(markers, notices);
    body.get("system").ifPresent(reader::system);
    Field messages = body.require("messages");
    List<Field> items = messages.items(maxMessages);
    if (items.isEmpty()) {
      throw messages.error("at least one message is required");
    }
    items.forEach(reader::message);
    return reader.conversation(body, messages);
  }

  private void system(Field field) {
    if (field.value().isTextual()) {
      appendSystem(field.text());
      return;
    }
    if (!field.value().isArray()) {
      throw field.mustBe("a string or an array of text blocks");
    }
    field.items(Integer.MAX_VALUE).forEach(block -> appendSystem(systemBlock(block)));
  }

  private String systemBlock(Field block) {
    String type = block.object().require("type").text();
    if (!type.equals("text")) {
      throw block.require("type").mustBe("\"text\" in a system prompt");
    }
    return marked(0, block);
  }

  private void message(Field message) {
    message.object(MESSAGE_KEYS);
    String name = message.require("role").oneOf(ROLES);
    Field content = message.require("content");
    switch (name) {
      case "system" -> appendSystem(text(content, name));
      case "user" -> appendTurn(Prompt.Role.USER, userText(content), content);
      default -> appendTurn(Prompt.Role.ASSISTANT, text(content, name), content);
    }
  }

  private String userText(Field content) {
    String text = text(content, "user");
    if (text.isBlank()) {
      throw content.error("user messages must have non-empty content");
    }
    return text;
  }

  private String text(Field content, String role) {
    if (content.value().isTextual()) {
      return content.text();
    }
    if (!content.value().isArray()) {
      throw content.mustBe("a string or an array of content blocks");
    }
    StringBuilder text = new StringBuilder();
    for (Field block : content.items(Integer.MAX_VALUE)) {
      text.append(blockText(block, role, text.length()));
    }
    return text.toString();
  }

  private String blockText(Field block, String role, int at) {
    Field type = block.object().require("type");
    return switch (type.text()) {
      case "text" -> marked(at, block);
      case "thinking", "redacted_thinking" -> {
        if (!role.equals("assistant")) {
          throw type.error("thinking belongs to the assistant");
        }
        block
            .get("cache_control")
            .ifPresent(
                marker -> {
                  throw marker.error("cannot be set for thinking");
                });
        notices.add(new Notice("messages", "thinking of earlier turns is left out"));
        yield "";
      }
      case "image" -> throw unusable(type, "images cannot be read by the models of this server");
      case "document" ->
          throw unusable(type, "documents cannot be read by the models of this server");
      case "tool_use", "tool_result", "server_tool_use" ->
          throw unusable(type, "tools cannot be called by the models of this server");
      default -> throw unusable(type, "this server reads blocks of type \"text\" only");
    };
  }

  private static ParleyException unusable(Field type, String why) {
    return type.error(type.value() + " is not supported: " + why);
  }

  /** The text of a block that begins at {@code at}; notes where its marker is, if it has one. */
  private String marked(int at, Field block) {
    block.object(TEXT_KEYS);
    block.get("citations").ifPresent(citations -> citations.items(Integer.MAX_VALUE));
    String text = block.require("text").text();
    if (markers.isMarked(block, text)) {
      markedChars = at + text.length();
    }
    return text;
  }

  private void appendSystem(String text) {
    if (!text.isEmpty()) {
      system.append(system.isEmpty() ? "" : BETWEEN_MESSAGES);
      markedSystem = marker(CachePoint.IN_SYSTEM, system.length(), markedSystem);
      system.append(text);
    }
  }

  /** The marker in the text that comes now, or else the one before. */
  private @Nullable CachePoint marker(int at, int from, @Nullable CachePoint before) {
    int chars = markedChars;
    markedChars = NOWHERE;
    return chars == NOWHERE ? before : new CachePoint(at, from + chars);
  }

  private void appendTurn(Prompt.Role speaker, String text, Field content) {
    if (text.isEmpty()) {
      return;
    }
    if (turns.isEmpty() && turn.isEmpty() && speaker == Prompt.Role.ASSISTANT) {
      throw content.error("the first message must be of role \"user\"");
    }
    if (speaker != role) {
      endTurn();
      role = speaker;
    }
    turn.append(turn.isEmpty() ? "" : BETWEEN_MESSAGES);
    markedTurn = marker(turns.size(), turn.length(), markedTurn);
    turn.append(text);
  }

  private void endTurn() {
    if (!turn.isEmpty()) {
      turns.add(new Prompt.Turn(role, turn.toString()));
      turn.setLength(0);
    }
  }

  private Conversation conversation(Field body, Field messages) {
    endTurn();
    if (turns.isEmpty()) {
      throw messages.error("at least one message of role \"user\" is required");
    }
    lastAnswer()
        .filter(text -> !text.equals(text.stripTrailing()))
        .ifPresent(
            text -> {
              throw messages.error("final assistant content cannot end with trailing whitespace");
            });
    if (markers.isMarked(body)) {
      markedTurn = new CachePoint(turns.size() - 1, turns.getLast().text().length());
    }
    return new Conversation(
        system.toString(), turns, markedTurn == null ? markedSystem : markedTurn, markers.ttl());
  }

  /** What the assistant said last, if nobody spoke after it. */
  private Optional<String> lastAnswer() {
    Prompt.Turn last = turns.getLast();
    return last.role() == Prompt.Role.ASSISTANT ? Optional.of(last.text()) : Optional.empty();
  }
}
