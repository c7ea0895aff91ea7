package io.parley.chat.answers;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.parley.chat.ChatLimits;
import io.parley.chat.ChatUser;
import io.parley.chat.conversations.Conversation;
import io.parley.chat.conversations.ConversationStore;
import io.parley.chat.conversations.Message;
import io.parley.chat.conversations.TitleBy;
import io.parley.common.ParleyException;
import io.parley.ports.messages.AnswerEvent;
import io.parley.ports.messages.AnswerRequest;
import io.parley.ports.messages.MessagesApi;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives a conversation a title after its first answer, if nobody has: the model is asked, as
 * cheaply as a batch; where what it says is no title, the question's first words are one.
 * Thread-safe.
 */
public final class Titles implements Answers.EndListener {
  private static final Logger log = LoggerFactory.getLogger(Titles.class);
  private static final JsonFactory JSON = new JsonFactory();

  /** Characters of the conversation that the model is shown. */
  private static final int SHOWN_CHARS = 600;

  private final ConversationStore conversations;
  private final History history;
  private final Models models;
  private final MessagesApi api;
  private final ExecutorService threads;
  private final ChatLimits limits;

  public Titles(
      ConversationStore conversations,
      History history,
      Models models,
      MessagesApi api,
      ExecutorService threads,
      ChatLimits limits) {
    this.conversations = conversations;
    this.history = history;
    this.models = models;
    this.api = api;
    this.threads = threads;
    this.limits = limits;
  }

  @Override
  public void ended(ChatUser owner, Message answer) {
    try {
      threads.execute(() -> title(owner, answer));
    } catch (RejectedExecutionException e) {
      log.debug("no title: the server is stopping", e);
    }
  }

  private void title(ChatUser owner, Message answer) {
    try {
      Optional<Conversation> conversation =
          conversations
              .find(owner.userId(), answer.conversationId())
              .filter(found -> found.titleBy() == TitleBy.NOBODY);
      String questionId = answer.parentId();
      if (conversation.isPresent() && questionId != null) {
        String question = history.get(conversation.get(), questionId).text();
        title(owner, conversation.get(), question, answer);
      }
    } catch (RuntimeException e) {
      log.warn("no title for {}", answer.conversationId(), e);
    }
  }

  private void title(ChatUser owner, Conversation conversation, String question, Message answer) {
    if (answer.status() != Message.Status.COMPLETE || question.isBlank()) {
      named(owner, conversation, TitleText.ofQuestion(question));
      return;
    }
    StringBuilder said = new StringBuilder();
    AnswerRequest request =
        new AnswerRequest(
            owner.organisationId(),
            Optional.empty(),
            owner.userId(),
            AnswerRequest.Urgency.BACKGROUND,
            body(models.choose(null, conversation).id(), question, answer.text()));
    try {
      api.start(
          request,
          event -> {
            switch (event) {
              case AnswerEvent.Started started -> {}
              case AnswerEvent.Text text -> said.append(text.text());
              case AnswerEvent.Ended end ->
                  named(
                      owner, conversation, TitleText.of(said.toString(), question, answer.text()));
            }
          });
    } catch (ParleyException e) {
      log.debug("the model gives no title", e);
      named(owner, conversation, TitleText.ofQuestion(question));
    }
  }

  private void named(ChatUser owner, Conversation conversation, String title) {
    if (!title.isEmpty()) {
      conversations.titleByModel(owner, conversation.id(), title);
    }
  }

  private byte[] body(String model, String question, String answer) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(512);
    try (JsonGenerator json = JSON.createGenerator(out)) {
      json.writeStartObject();
      json.writeStringField("model", model);
      json.writeNumberField("max_tokens", limits.titleTokens());
      json.writeNumberField("temperature", 0);
      json.writeArrayFieldStart("messages");
      json.writeStartObject();
      json.writeStringField("role", "user");
      json.writeStringField(
          "content",
          "Give this conversation a title of two to six words. Say the title and nothing else.\n\n"
              + "Question: "
              + TitleText.head(question, SHOWN_CHARS)
              + "\n\nAnswer: "
              + TitleText.head(answer, SHOWN_CHARS));
      json.writeEndObject();
      json.writeEndArray();
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }
}
