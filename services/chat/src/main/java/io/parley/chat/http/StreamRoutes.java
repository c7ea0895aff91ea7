package io.parley.chat.http;

import io.parley.chat.answers.History;
import io.parley.chat.conversations.Conversation;
import io.parley.chat.conversations.ConversationStore;
import io.parley.chat.conversations.Message;
import io.parley.chat.conversations.OpenAnswer;
import io.parley.common.ParleyException;
import java.util.List;
import java.util.Optional;

/** Streams over HTTP: the text of an answer, the events of a user. Thread-safe. */
final class StreamRoutes {
  private static final String LAST_ID = "last-event-id";

  private final ConversationStore conversations;
  private final History history;
  private final AnswerFeeds feeds;
  private final UserFeed.Parts userFeeds;

  StreamRoutes(ChatService chat) {
    this.conversations = chat.conversations();
    this.history = chat.history();
    this.feeds = new AnswerFeeds(chat.texts(), chat.threads(), chat.limits().maxDeltaBytes());
    this.userFeeds = new UserFeed.Parts(chat.events(), conversations, history, chat.threads());
  }

  List<ChatRoute> all() {
    return List.of(
        ChatRoute.signedIn("GET", MessageRoutes.ONE + "/events", this::answer),
        ChatRoute.signedIn("GET", "/events", this::events));
  }

  private void answer(ChatCall call) {
    String messageId = call.path("message_id");
    Conversation conversation = conversations.get(call.user(), call.path("conversation_id"));
    long position = position(call, messageId);
    Optional<OpenAnswer> open = history.open(conversation, messageId);
    Message message = history.get(conversation, messageId);
    SseStream stream = call.streams().begin(call, false);
    if (open.isPresent()) {
      feeds.watch(source(conversation, open.get()), stream, position);
    } else {
      stream.finish(AnswerFeed.rest(message, position));
    }
  }

  /** Whatever became of the answer is read from its owner's conversation as it is then. */
  private AnswerFeed.Source source(Conversation conversation, OpenAnswer answer) {
    String userId = conversation.owner().userId();
    return new AnswerFeed.Source(
        userId,
        answer.id(),
        answer.stream(),
        () ->
            conversations
                .find(userId, conversation.id())
                .flatMap(now -> history.find(now, answer.id())));
  }

  private static long position(ChatCall call, String messageId) {
    Optional<String> last = call.header(LAST_ID).filter(id -> !id.isEmpty());
    if (last.isEmpty()) {
      return call.query("after").map(given -> Queries.number("after", given)).orElse(0L);
    }
    String prefix = messageId + ":";
    if (!last.get().startsWith(prefix)) {
      throw ParleyException.invalid(LAST_ID + ": must be the id of an event of this message");
    }
    return Queries.number(LAST_ID, last.get().substring(prefix.length()));
  }

  private void events(ChatCall call) {
    Optional<Long> from =
        call.header(LAST_ID)
            .filter(id -> !id.isEmpty())
            .or(() -> call.query("after"))
            .map(given -> Queries.number(LAST_ID, given));
    SseStream stream = call.streams().begin(call, true);
    UserFeed.open(call.user().userId(), stream, userFeeds, from);
  }
}
