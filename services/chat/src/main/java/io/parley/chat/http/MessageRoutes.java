package io.parley.chat.http;

import io.parley.chat.ChatLimits;
import io.parley.chat.answers.Answers;
import io.parley.chat.answers.History;
import io.parley.chat.conversations.Block;
import io.parley.chat.conversations.Conversation;
import io.parley.chat.conversations.ConversationStore;
import io.parley.chat.conversations.Message;
import io.parley.chat.conversations.MessageLog.Place;
import io.parley.common.ParleyException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Messages over HTTP. Thread-safe. */
final class MessageRoutes {
  static final String ALL = "/conversations/:conversation_id/messages";
  static final String ONE = ALL + "/:message_id";

  private final ConversationStore conversations;
  private final Answers answers;
  private final History history;
  private final ChatLimits limits;

  MessageRoutes(ChatService chat) {
    this.conversations = chat.conversations();
    this.answers = chat.answers();
    this.history = chat.history();
    this.limits = chat.limits();
  }

  List<ChatRoute> all() {
    return List.of(
        Conflicts.route("GET", ALL, this::list),
        Conflicts.route("POST", ALL, this::send),
        Conflicts.route("GET", ONE, this::get),
        Conflicts.route("POST", ONE + "/regenerate", this::regenerate),
        Conflicts.route("POST", ONE + "/continue", this::goOn),
        Conflicts.route("POST", ONE + "/stop", this::stop));
  }

  private void list(ChatCall call) {
    Conversation conversation = conversation(call);
    History.Page page = history.page(conversation, place(call), Queries.limit(call, limits));
    call.reply(200, new PageView(page.messages(), page.more(), null));
  }

  private Conversation conversation(ChatCall call) {
    return conversations.get(call.user(), call.path("conversation_id"));
  }

  private static Place place(ChatCall call) {
    Optional<String> before = call.query("before");
    Optional<String> after = call.query("after");
    if (before.isPresent() && after.isPresent()) {
      throw ParleyException.invalid("after: cannot be used together with before");
    }
    return before
        .<Place>map(Place.Before::new)
        .or(() -> after.map(Place.After::new))
        .orElseGet(Place.Last::new);
  }

  private void get(ChatCall call) {
    call.reply(200, history.get(conversation(call), call.path("message_id")));
  }

  private record SendBody(
      @Nullable String clientId,
      @Nullable Long version,
      @Nullable String parentId,
      @Nullable List<@Nullable Block> content,
      @Nullable String model,
      @Nullable Boolean answer) {}

  private record SendView(ConversationView conversation, Message message, Message answer) {}

  private void send(ChatCall call) {
    SendBody body = call.json(SendBody.class);
    if (Boolean.FALSE.equals(body.answer())) {
      throw ParleyException.invalid("answer: false is not supported: every message is answered");
    }
    Answers.Sending sending =
        new Answers.Sending(
            required("client_id", body.clientId()),
            required("version", body.version()),
            body.parentId(),
            blocks(required("content", body.content())),
            body.model());
    Answers.Outcome sent = answers.send(call.user(), call.path("conversation_id"), sending);
    Message question = sent.question();
    if (question == null) {
      throw new IllegalStateException("a message was sent, and there is none");
    }
    call.reply(
        sent.isNew() ? 201 : 200,
        new SendView(ConversationView.of(sent.conversation()), question, sent.answer()));
  }

  private static <T> T required(String name, @Nullable T value) {
    if (value == null) {
      throw ParleyException.invalid(name + ": is missing");
    }
    return value;
  }

  /** A block of a known type may still lack what makes it one. */
  private static List<Block> blocks(List<@Nullable Block> content) {
    for (Block block : content) {
      @Nullable Object essence =
          switch (block) {
            case Block.Text text -> text.text();
            case Block.Image image -> image.imageId();
            case null -> null;
          };
      if (essence == null) {
        throw ParleyException.invalid(
            "content: each block needs a type, and its text or its image_id");
      }
    }
    return content.stream().map(Block.class::cast).toList();
  }

  private record AgainBody(
      @Nullable String clientId, @Nullable Long version, @Nullable String model) {
    Answers.Again again() {
      return new Answers.Again(
          required("client_id", clientId), required("version", version), model);
    }
  }

  private record AgainView(ConversationView conversation, Message answer) {}

  private void regenerate(ChatCall call) {
    reply(
        call,
        answers.regenerate(
            call.user(),
            call.path("conversation_id"),
            call.path("message_id"),
            call.json(AgainBody.class).again()));
  }

  private void goOn(ChatCall call) {
    reply(
        call,
        answers.goOn(
            call.user(),
            call.path("conversation_id"),
            call.path("message_id"),
            call.json(AgainBody.class).again()));
  }

  private static void reply(ChatCall call, Answers.Outcome outcome) {
    call.reply(
        outcome.isNew() ? 201 : 200,
        new AgainView(ConversationView.of(outcome.conversation()), outcome.answer()));
  }

  private void stop(ChatCall call) {
    answers.stop(call.user(), call.path("conversation_id"), call.path("message_id"));
    call.reply(202);
  }
}
