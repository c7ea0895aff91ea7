package io.parley.chat.http;

import io.parley.chat.answers.AllMessages;
import io.parley.chat.conversations.Conversation;
import io.parley.chat.conversations.ConversationStore;
import io.parley.chat.conversations.Message;
import io.parley.chat.export.Markdown;
import io.parley.chat.sharing.SharedConversation;
import io.parley.chat.sharing.SharedImage;
import io.parley.chat.sharing.Shares;
import io.parley.common.ParleyException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Conversations leave the server: by a link, or as a file. */
public final class SharingRoutes {
  private static final int CREATED = 201;
  private static final int NO_CONTENT = 204;
  private static final String ID = "conversation_id";

  private final Shares shares;
  private final ConversationStore conversations;
  private final AllMessages messages;

  public SharingRoutes(Shares shares, ConversationStore conversations, AllMessages messages) {
    this.shares = shares;
    this.conversations = conversations;
    this.messages = messages;
  }

  public List<ChatRoute> routes() {
    return List.of(
        ChatRoute.signedIn("GET", "/conversations/:conversation_id/export", this::export),
        ChatRoute.signedIn("POST", "/conversations/:conversation_id/share", this::share),
        ChatRoute.signedIn("DELETE", "/conversations/:conversation_id/share", this::revoke),
        ChatRoute.anybody("GET", "/shared/:share_id", this::shared),
        ChatRoute.anybody("GET", "/shared/:share_id/images/:image_id", this::image));
  }

  record Link(String shareId, String url) {}

  record SharedJson(@Nullable String title, Instant createdAt, List<Message> data) {}

  private void share(ChatCall call) {
    String id = shares.share(call.user(), call.path(ID));
    call.reply(CREATED, new Link(id, "/share/" + id));
  }

  private void revoke(ChatCall call) {
    shares.revoke(call.user(), call.path(ID));
    call.reply(NO_CONTENT);
  }

  private void shared(ChatCall call) {
    SharedConversation shared = shares.read(call.path("share_id"));
    keepPrivate(call);
    call.reply(200, new SharedJson(shared.title(), shared.createdAt(), shared.messages()));
  }

  /** A link is for those who were given it, and nothing of it for those who search. */
  private static void keepPrivate(ChatCall call) {
    call.replyHeader("x-robots-tag", "noindex");
    call.replyHeader("referrer-policy", "no-referrer");
  }

  /** Kept by browsers for some minutes only: a link may be revoked. */
  private void image(ChatCall call) {
    SharedImage image = shares.image(call.path("share_id"), call.path("image_id"));
    keepPrivate(call);
    call.reply(
        200,
        image.mediaType(),
        image.bytes(),
        Map.of(
            "cache-control", "private, max-age=300",
            "content-security-policy", "default-src 'none'; sandbox"));
  }

  private void export(ChatCall call) {
    Conversation conversation = conversations.get(call.user(), call.path(ID));
    switch (call.query("format").orElse("json")) {
      case "json" -> json(call, conversation);
      case "markdown" -> markdown(call, conversation);
      default -> throw ParleyException.invalid("format: must be \"json\" or \"markdown\"");
    }
  }

  /** All branches, since nothing of a conversation is to be lost by it. */
  private void json(ChatCall call, Conversation conversation) {
    try (StreamedReply reply = begin(call, conversation, "application/json", "json")) {
      reply.write("{\"conversation\":" + text(ConversationExport.of(conversation)));
      reply.write(",\"messages\":[");
      String[] comma = {""};
      messages.of(
          conversation,
          message -> {
            reply.write(comma[0] + text(message));
            comma[0] = ",\n";
          });
      reply.write("]}\n");
      reply.complete();
    }
  }

  /** The branch that is shown: what a person would print. */
  private void markdown(ChatCall call, Conversation conversation) {
    try (StreamedReply reply = begin(call, conversation, "text/markdown; charset=utf-8", "md")) {
      reply.write(Markdown.head(conversation));
      messages.ofBranch(
          conversation, conversation.headId(), message -> reply.write(Markdown.message(message)));
      reply.complete();
    }
  }

  private static StreamedReply begin(
      ChatCall call, Conversation conversation, String contentType, String suffix) {
    String attachment = "attachment; filename=\"%s.%s\"".formatted(conversation.id(), suffix);
    return new StreamedReply(call, contentType, Map.of("content-disposition", attachment));
  }

  private static String text(Object value) {
    return new String(ChatJson.bytes(value), StandardCharsets.UTF_8);
  }

  /** A conversation as a file tells of it: what is its user's, and nothing of how it is kept. */
  record ConversationExport(
      String id,
      @Nullable String title,
      @Nullable String model,
      @Nullable String system,
      boolean archived,
      boolean flagged,
      Instant createdAt,
      Instant lastActivityAt,
      @Nullable String headId) {
    static ConversationExport of(Conversation conversation) {
      return new ConversationExport(
          conversation.id(),
          conversation.title(),
          conversation.model(),
          conversation.system(),
          conversation.archived(),
          conversation.flagged(),
          conversation.createdAt(),
          conversation.lastActivityAt(),
          conversation.headId());
    }
  }
}
