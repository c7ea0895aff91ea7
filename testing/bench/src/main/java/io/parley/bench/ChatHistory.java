package io.parley.bench;

import io.parley.chat.BodyCipher;
import io.parley.chat.ChatLimits;
import io.parley.chat.ChatUser;
import io.parley.chat.conversations.Block;
import io.parley.chat.conversations.ConversationStore;
import io.parley.chat.conversations.Message;
import io.parley.chat.conversations.MessageCodec;
import io.parley.chat.conversations.MessageLog;
import io.parley.ports.conversation.MessageStore;
import io.parley.ports.data.Database;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Conversations that were had long ago: written straight into the stores, since to have them
 * answered would take hours. Questions and answers take turns in one branch; their words are drawn
 * from {@value #WORDS}, few of them often and most seldom, as in a language.
 */
final class ChatHistory {
  static final int WORDS = 20_000;
  private static final int WRITERS = 32;
  private static final int WORDS_OF_MESSAGE = 20;
  private static final int SLICE = 500;
  private static final long SEED = 7;
  private static final Instant BEGUN = Instant.parse("2025-01-01T00:00:00Z");

  private final Database database;
  private final MessageLog log;
  private final String organisation;

  ChatHistory(
      Database database,
      MessageStore store,
      ConversationStore conversations,
      BodyCipher cipher,
      String organisation) {
    this.database = database;
    this.log = new MessageLog(store, conversations, new MessageCodec(cipher));
    this.organisation = organisation;
  }

  /** The id of one of a conversation's messages, which begin with 0. */
  static String messageId(int conversation, int number) {
    return "cmsg_01JG%010d%012d".formatted(conversation, number);
  }

  static String conversationId(int conversation) {
    return "conv_01JG%022d".formatted(conversation);
  }

  /** A word, the smaller its number the more often it is said. */
  static String word(int number) {
    StringBuilder word = new StringBuilder("w");
    for (int left = number; left > 0 || word.length() < 3; left /= 26) {
      word.append((char) ('a' + left % 26));
    }
    return word.toString();
  }

  static int draw(Random random) {
    return (int) Math.pow(WORDS, random.nextDouble()) - 1;
  }

  /** Writes one; {@code number} tells conversations apart. */
  void write(String userId, int number, int messages) {
    ChatUser owner = new ChatUser(organisation, userId, true);
    String conversation = conversationId(number);
    insert(owner, conversation, number, messages);
    try (ExecutorService writers = Executors.newFixedThreadPool(WRITERS)) {
      for (int from = 0; from < messages; from += SLICE) {
        int slice = from;
        writers.execute(
            () -> {
              Random random = new Random(SEED + number * 1_000_003L + slice);
              for (int i = slice; i < Math.min(messages, slice + SLICE); i++) {
                log.put(
                    userId,
                    i / ChatLimits.BUCKET_MESSAGES,
                    message(conversation, number, i, random));
              }
            });
      }
    }
  }

  private static Message message(String conversation, int number, int i, Random random) {
    String text =
        IntStream.range(0, WORDS_OF_MESSAGE)
            .mapToObj(at -> word(draw(random)))
            .collect(Collectors.joining(" "));
    boolean question = i % 2 == 0;
    return new Message(
        messageId(number, i),
        conversation,
        i == 0 ? null : messageId(number, i - 1),
        question ? Message.Role.USER : Message.Role.ASSISTANT,
        List.of(new Block.Text(text)),
        question ? null : PacedModelPool.MODEL,
        Message.Status.COMPLETE,
        question ? null : "end_turn",
        null,
        null,
        BEGUN.plusSeconds(i),
        null,
        false);
  }

  private void insert(ChatUser owner, String conversation, int number, int messages) {
    String tip = messageId(number, messages - 1);
    database.<Integer, RuntimeException>write(
        handle -> {
          for (int bucket = 0; bucket * ChatLimits.BUCKET_MESSAGES < messages; bucket++) {
            handle.execute(
                "INSERT INTO chat_buckets (conversation_id, bucket, first_id) VALUES (?, ?, ?)",
                conversation,
                bucket,
                messageId(number, bucket * ChatLimits.BUCKET_MESSAGES));
          }
          return handle.execute(
              "INSERT INTO chat_conversations (id, organisation_id, user_id, title, title_by,"
                  + " archived, flagged, created_at_ms, last_activity_at_ms, version, messages,"
                  + " last_id, head_id, input_tokens, output_tokens)"
                  + " VALUES (?, ?, ?, ?, 'user', 0, 0, ?, ?, 1, ?, ?, ?, 0, 0)",
              conversation,
              owner.organisationId(),
              owner.userId(),
              "Conversation " + number,
              BEGUN.toEpochMilli(),
              BEGUN.plusSeconds(messages).toEpochMilli(),
              messages,
              tip,
              tip);
        });
  }
}
