package io.parley.chat.conversations;

import io.parley.chat.BodyCipher;
import io.parley.common.ParleyException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Seals titles and system prompts for their owner and their place, and opens them. Thread-safe; may
 * block on the database, so it is never used inside of a transaction.
 */
final class ConversationTexts {
  private static final Logger log = LoggerFactory.getLogger(ConversationTexts.class);

  private final BodyCipher cipher;

  ConversationTexts(BodyCipher cipher) {
    this.cipher = cipher;
  }

  byte @Nullable [] sealTitle(String userId, String conversationId, @Nullable String title) {
    return seal(userId, titlePlace(conversationId), title);
  }

  byte @Nullable [] sealSystem(String userId, String conversationId, @Nullable String system) {
    return seal(userId, systemPlace(conversationId), system);
  }

  private byte @Nullable [] seal(String userId, String place, @Nullable String text) {
    return text == null ? null : cipher.seal(userId, place, text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * A conversation with its texts.
   *
   * @throws ParleyException NOT_FOUND if its owner's key is gone for ever, API if it was damaged
   */
  Conversation open(ConversationRow row) {
    Conversation bare = row.bare();
    String userId = bare.owner().userId();
    return bare.withTexts(
        row.title() == null ? bare.title() : open(userId, titlePlace(bare.id()), row.title()),
        row.system() == null ? bare.system() : open(userId, systemPlace(bare.id()), row.system()));
  }

  /** The same, without what cannot be opened: one row must not hide all others of a list. */
  Conversation openOrBare(ConversationRow row) {
    try {
      return open(row);
    } catch (ParleyException e) {
      log.warn("title and system prompt of {} cannot be opened", row.bare().id(), e);
      return row.bare();
    }
  }

  private String open(String userId, String place, byte[] sealed) {
    return new String(cipher.open(userId, place, sealed), StandardCharsets.UTF_8);
  }

  private static String titlePlace(String conversationId) {
    return "title/" + conversationId;
  }

  private static String systemPlace(String conversationId) {
    return "system/" + conversationId;
  }
}
