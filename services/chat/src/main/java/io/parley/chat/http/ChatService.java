package io.parley.chat.http;

import io.parley.chat.BodyCipher;
import io.parley.chat.ChatLimits;
import io.parley.chat.answers.AnswerTexts;
import io.parley.chat.answers.Answers;
import io.parley.chat.answers.History;
import io.parley.chat.answers.Models;
import io.parley.chat.answers.Recovery;
import io.parley.chat.answers.Titles;
import io.parley.chat.conversations.AnswerStore;
import io.parley.chat.conversations.ConversationStore;
import io.parley.chat.conversations.Images;
import io.parley.chat.conversations.MessageCodec;
import io.parley.chat.conversations.MessageIds;
import io.parley.chat.conversations.MessageLog;
import io.parley.chat.conversations.Removals;
import io.parley.chat.conversations.TextSealing;
import io.parley.chat.conversations.Turns;
import io.parley.chat.sync.UserEvents;
import io.parley.common.TimeSource;
import io.parley.common.Ulid;
import io.parley.ports.conversation.MessageStore;
import io.parley.ports.data.Database;
import io.parley.ports.log.EventLog;
import io.parley.ports.messages.MessagesApi;
import io.parley.ports.model.ModelPool;
import io.parley.ports.objects.ObjectStore;
import io.parley.ports.stream.StreamBuffers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;

/**
 * The core of chat, put together from its ports: conversations, their messages, answers, streams.
 * Thread-safe. {@link #start} comes first; {@link #upkeep} is to be called now and then.
 */
public final class ChatService {
  private final Outside outside;
  private final UserEvents events;
  private final ConversationStore conversations;
  private final AnswerStore answerRows;
  private final MessageLog messages;
  private final AnswerTexts texts;
  private final History history;
  private final Images images;
  private final Models models;
  private final Answers answers;

  /**
   * What chat needs of the outside.
   *
   * @param defaultModel a name in the pool, for conversations that name none
   * @param ids must give unpredictable ids
   * @param threads run what blocks, one thread for each task: virtual threads
   */
  public record Outside(
      Database database,
      MessageStore messageStore,
      EventLog eventLog,
      StreamBuffers streamBuffers,
      ObjectStore objectStore,
      MessagesApi messagesApi,
      ModelPool models,
      String defaultModel,
      BodyCipher cipher,
      TimeSource time,
      Ulid ids,
      ExecutorService threads,
      ChatLimits limits) {}

  public ChatService(Outside outside) {
    this.outside = outside;
    ChatLimits limits = outside.limits;
    TimeSource time = outside.time;
    MessageCodec codec = new MessageCodec(outside.cipher);
    events = new UserEvents(outside.database, outside.eventLog, outside.ids, outside.threads);
    conversations = new ConversationStore(outside.database, events, outside.cipher, time, limits);
    answerRows = new AnswerStore(outside.database, events, conversations, limits);
    messages = new MessageLog(outside.messageStore, conversations, codec);
    texts = new AnswerTexts(outside.streamBuffers, outside.cipher, limits);
    history = new History(answerRows, messages, texts);
    images =
        new Images(
            outside.database, outside.objectStore, outside.cipher, outside.ids, time, limits);
    models = new Models(outside.models, outside.defaultModel);
    answers =
        new Answers(
            new Answers.Parts(
                conversations,
                answerRows,
                new Removals(outside.database),
                messages,
                history,
                texts,
                new Turns(new MessageIds(outside.ids), codec, time),
                images,
                models,
                outside.messagesApi,
                time,
                outside.threads,
                limits));
    answers.whenEnded(
        new Titles(conversations, history, models, outside.messagesApi, outside.threads, limits));
  }

  /** Takes up what an earlier process left. Must return before the first request is served. */
  public void start() {
    new TextSealing(outside.database, outside.cipher).run();
    new Recovery(conversations, answerRows, messages, texts, outside.time).run();
    answers.deletions().resume();
    events.sendLeftovers();
  }

  /** Lets go of what is past its time, and sends what could not be sent. */
  public void upkeep() {
    answerRows.forgetSends(outside.time.now().minus(outside.limits.sendsKept()));
    answers.deletions().resume();
    events.trim(outside.limits.eventsKept());
    events.sendLeftovers();
  }

  /** The routes of conversations, messages, streams, images and models. */
  public List<ChatRoute> routes() {
    ConversationRoutes ofConversations = new ConversationRoutes(this);
    List<ChatRoute> all = new ArrayList<>(ofConversations.all());
    all.add(ChatRoute.signedIn("GET", "/models", ofConversations::models));
    all.addAll(new MessageRoutes(this).all());
    all.addAll(new StreamRoutes(this).all());
    all.addAll(new ImageRoutes(images).all());
    return all;
  }

  public ConversationStore conversations() {
    return conversations;
  }

  public Answers answers() {
    return answers;
  }

  public History history() {
    return history;
  }

  public AnswerTexts texts() {
    return texts;
  }

  public UserEvents events() {
    return events;
  }

  public Images images() {
    return images;
  }

  public Models models() {
    return models;
  }

  public Ulid ids() {
    return outside.ids;
  }

  public ExecutorService threads() {
    return outside.threads;
  }

  public ChatLimits limits() {
    return outside.limits;
  }
}
