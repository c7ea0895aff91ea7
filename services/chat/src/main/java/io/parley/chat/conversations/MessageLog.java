package io.parley.chat.conversations;

import io.parley.ports.conversation.MessagePartition;
import io.parley.ports.conversation.MessageStore;
import io.parley.ports.conversation.MessageStore.From;
import io.parley.ports.conversation.StoredMessage;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * The messages of conversations that are stored: all but those that are being written. A page costs
 * the same wherever it is: the place of an id is looked up, and the buckets are walked from there.
 * Thread-safe; blocks.
 */
public final class MessageLog {
  private final MessageStore store;
  private final ConversationStore conversations;
  private final MessageCodec codec;

  public MessageLog(MessageStore store, ConversationStore conversations, MessageCodec codec) {
    this.store = store;
    this.conversations = conversations;
    this.codec = codec;
  }

  /** Where a page is. */
  public sealed interface Place {
    /** The newest messages. */
    record Last() implements Place {}

    /** The ones before a message. */
    record Before(String id) implements Place {}

    /** The ones after a message. */
    record After(String id) implements Place {}
  }

  /** Stores a message, or stores it anew. */
  public void put(String userId, int bucket, Message message) {
    store.put(
        new MessagePartition(message.conversationId(), bucket),
        new StoredMessage(message.id(), codec.seal(userId, message)));
  }

  /** Stores what was sent with an answer. */
  public void put(OpenAnswer answer, OpenAnswer.Question question) {
    store.put(
        new MessagePartition(answer.conversationId(), question.bucket()),
        new StoredMessage(question.id(), question.sealed()));
  }

  /** What was sent with an answer. */
  public Message open(OpenAnswer answer, OpenAnswer.Question question) {
    return codec.open(
        answer.owner().userId(), answer.conversationId(), question.id(), question.sealed());
  }

  public Optional<Message> get(Conversation conversation, String id) {
    return conversations
        .bucketOf(conversation.id(), id)
        .flatMap(bucket -> store.get(new MessagePartition(conversation.id(), bucket), id))
        .map(stored -> message(conversation, stored));
  }

  /** A page, oldest first. */
  public List<Message> page(Conversation conversation, Place place, int most) {
    List<StoredMessage> found =
        switch (place) {
          case Place.Last last ->
              back(conversation, conversation.buckets() - 1, new From.End(), most);
          case Place.Before(String id) ->
              back(conversation, bucketOrFirst(conversation, id), new From.Before(id), most);
          case Place.After(String id) ->
              forward(conversation, bucketOrFirst(conversation, id), new From.After(id), most);
        };
    return found.stream().map(stored -> message(conversation, stored)).toList();
  }

  private int bucketOrFirst(Conversation conversation, String id) {
    return conversations.bucketOf(conversation.id(), id).orElse(0);
  }

  private List<StoredMessage> back(Conversation conversation, int bucket, From from, int most) {
    List<StoredMessage> newestFirst = new ArrayList<>();
    From next = from;
    for (int at = bucket; at >= 0 && newestFirst.size() < most; at--) {
      MessagePartition partition = new MessagePartition(conversation.id(), at);
      newestFirst.addAll(store.page(partition, next, most - newestFirst.size()));
      next = new From.End();
    }
    Collections.reverse(newestFirst);
    return newestFirst;
  }

  private List<StoredMessage> forward(
      Conversation conversation, int bucket, From.After from, int most) {
    List<StoredMessage> found = new ArrayList<>();
    for (int at = bucket; at < conversation.buckets() && found.size() < most; at++) {
      MessagePartition partition = new MessagePartition(conversation.id(), at);
      found.addAll(store.page(partition, from, most - found.size()));
    }
    return found;
  }

  private Message message(Conversation conversation, StoredMessage stored) {
    return codec.open(conversation.owner().userId(), conversation.id(), stored.id(), stored.body());
  }

  /** Removes all messages of a conversation, which has this many buckets. */
  public void remove(String conversationId, int buckets) {
    store.removeConversation(conversationId, buckets);
  }
}
