package io.parley.chat.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.parley.chat.ChatLimits;
import io.parley.chat.answers.Deletions;
import io.parley.chat.answers.History;
import io.parley.chat.answers.Models;
import io.parley.chat.conversations.Conversation;
import io.parley.chat.conversations.ConversationStore;
import io.parley.chat.conversations.TitleBy;
import io.parley.common.ParleyException;
import io.parley.common.Ulid;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Conversations over HTTP. Thread-safe. */
final class ConversationRoutes {
  private static final String ONE = "/conversations/:conversation_id";
  private static final Pattern ID = Pattern.compile("conv_[0-9A-HJKMNP-TV-Z]{26}");
  private static final Set<String> PATCH_FIELDS =
      Set.of("version", "title", "model", "system", "archived", "flagged", "head_id");

  private final ConversationStore conversations;
  private final Deletions deletions;
  private final History history;
  private final Models models;
  private final Ulid ids;
  private final ChatLimits limits;

  ConversationRoutes(ChatService chat) {
    this.conversations = chat.conversations();
    this.deletions = chat.answers().deletions();
    this.history = chat.history();
    this.models = chat.models();
    this.ids = chat.ids();
    this.limits = chat.limits();
  }

  List<ChatRoute> all() {
    return List.of(
        Conflicts.route("GET", "/conversations", this::list),
        Conflicts.route("POST", "/conversations", this::create),
        Conflicts.route("GET", ONE, this::get),
        Conflicts.route("PATCH", ONE, this::change),
        Conflicts.route("DELETE", ONE, this::delete),
        Conflicts.route("PUT", ONE + "/read", this::read));
  }

  private void list(ChatCall call) {
    int limit = Queries.limit(call, limits);
    List<Conversation> found =
        conversations.list(
            call.user(), Queries.flag(call, "archived"), Queries.position(call), limit + 1);
    boolean more = found.size() > limit;
    List<Conversation> page = more ? found.subList(0, limit) : found;
    call.reply(
        200,
        new PageView(
            page.stream().map(ConversationView::of).toList(),
            more,
            more ? Queries.cursor(position(page.getLast())) : null));
  }

  private static ConversationStore.Position position(Conversation last) {
    return new ConversationStore.Position(last.lastActivityAt().toEpochMilli(), last.id());
  }

  private record CreateBody(
      @Nullable String id,
      @Nullable String title,
      @Nullable String model,
      @Nullable String system) {}

  private void create(ChatCall call) {
    CreateBody body = call.json(CreateBody.class);
    String id = body.id() == null ? "conv_" + ids.next() : body.id();
    if (!ID.matcher(id).matches()) {
      throw ParleyException.invalid("id: must be conv_ and a ULID in capital letters");
    }
    ConversationStore.Created created =
        conversations.create(
            call.user(),
            new ConversationStore.Fresh(
                id, title(body.title()), model(body.model()), system(body.system())));
    call.reply(created.isNew() ? 201 : 200, ConversationView.of(created.conversation()));
  }

  private @Nullable String title(@Nullable String title) {
    if (title == null) {
      return null;
    }
    if (title.isBlank() || title.length() > limits.maxTitleChars()) {
      throw ParleyException.invalid(
          "title: must have 1 to %d characters, not all blank".formatted(limits.maxTitleChars()));
    }
    return title.strip();
  }

  /** The name is kept as it was given: an alias may mean another model tomorrow. */
  private @Nullable String model(@Nullable String model) {
    if (model != null) {
      models.get(model);
    }
    return model;
  }

  private @Nullable String system(@Nullable String system) {
    if (system != null && system.length() > limits.maxSystemChars()) {
      throw ParleyException.invalid(
          "system: must have at most %d characters, and has %d"
              .formatted(limits.maxSystemChars(), system.length()));
    }
    return system == null || system.isBlank() ? null : system;
  }

  private void get(ChatCall call) {
    call.reply(
        200, ConversationView.of(conversations.get(call.user(), call.path("conversation_id"))));
  }

  private void change(ChatCall call) {
    JsonNode body = call.json(JsonNode.class);
    if (!body.isObject()) {
      throw ParleyException.invalid("body: must be a JSON object");
    }
    body.fieldNames()
        .forEachRemaining(
            name -> {
              if (!PATCH_FIELDS.contains(name)) {
                throw ParleyException.invalid(
                    name + ": cannot be changed; only " + new TreeSet<>(PATCH_FIELDS) + " can");
              }
            });
    JsonNode version = body.path("version");
    if (!version.isIntegralNumber()) {
      throw ParleyException.invalid("version: must be the number of the version that you saw");
    }
    String id = call.path("conversation_id");
    Conversation seen = conversations.get(call.user(), id);
    String headId = text(body, "head_id", seen.headId());
    if (headId != null && !headId.equals(seen.headId())) {
      history.get(seen, headId);
    }
    Conversation changed =
        conversations.change(
            call.user(), id, version.longValue(), current -> changed(current, body));
    call.reply(200, ConversationView.of(changed));
  }

  private Conversation changed(Conversation current, JsonNode body) {
    boolean titled = body.has("title");
    String title = titled ? title(text(body, "title", null)) : current.title();
    TitleBy titleBy = title == null ? TitleBy.NOBODY : TitleBy.USER;
    return new Conversation(
        current.id(),
        current.owner(),
        title,
        titled ? titleBy : current.titleBy(),
        body.has("model") ? model(text(body, "model", null)) : current.model(),
        body.has("system") ? system(text(body, "system", null)) : current.system(),
        flag(body, "archived", current.archived()),
        flag(body, "flagged", current.flagged()),
        current.createdAt(),
        current.lastActivityAt(),
        current.version(),
        current.messages(),
        current.lastId(),
        text(body, "head_id", current.headId()),
        current.readId(),
        current.answeringId(),
        current.usage(),
        current.shareId());
  }

  private static @Nullable String text(JsonNode body, String name, @Nullable String absent) {
    JsonNode value = body.get(name);
    if (value == null) {
      return absent;
    }
    if (!value.isTextual() && !value.isNull()) {
      throw ParleyException.invalid(name + ": must be a string or null");
    }
    return value.isNull() ? null : value.textValue();
  }

  private static boolean flag(JsonNode body, String name, boolean absent) {
    JsonNode value = body.get(name);
    if (value != null && !value.isBoolean()) {
      throw ParleyException.invalid(name + ": must be true or false");
    }
    return value == null ? absent : value.booleanValue();
  }

  private void delete(ChatCall call) {
    long version =
        call.query("version")
            .map(given -> Queries.number("version", given))
            .orElseThrow(() -> ParleyException.invalid("version: is missing in the query"));
    deletions.delete(call.user(), call.path("conversation_id"), version);
    call.reply(204);
  }

  private record ReadBody(@Nullable String messageId) {}

  private void read(ChatCall call) {
    String messageId = call.json(ReadBody.class).messageId();
    if (messageId == null) {
      throw ParleyException.invalid("message_id: is missing");
    }
    conversations.read(call.user(), call.path("conversation_id"), messageId);
    call.reply(204);
  }

  /** What else clients have to know to choose: the models. */
  void models(ChatCall call) {
    List<Map<String, Object>> all =
        models.all().stream()
            .map(
                model ->
                    Map.<String, Object>of(
                        "id", model.id(),
                        "display_name", model.displayName(),
                        "context_tokens", model.contextTokens(),
                        "sees_images", model.images(),
                        "default", models.isDefault(model)))
            .toList();
    call.reply(200, Map.of("data", all));
  }
}
