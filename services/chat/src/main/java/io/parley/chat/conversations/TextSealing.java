package io.parley.chat.conversations;

import io.parley.chat.BodyCipher;
import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;
import io.parley.ports.data.Database;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Seals titles and system prompts that an earlier version stored as text. To be run at the start,
 * while nobody else writes; may be broken off at any point and repeated, and is quick when there is
 * nothing left to do. Blocks.
 */
public final class TextSealing {
  private static final Logger log = LoggerFactory.getLogger(TextSealing.class);
  private static final int PAGE = 200;

  private final Database database;
  private final ConversationTexts texts;

  private record Plain(String id, String userId, @Nullable String title, @Nullable String system) {}

  @SuppressWarnings("ArrayRecordComponent") // it is written, never compared
  private record Sealed(String id, byte @Nullable [] title, byte @Nullable [] system) {}

  public TextSealing(Database database, BodyCipher cipher) {
    this.database = database;
    this.texts = new ConversationTexts(cipher);
  }

  /** Seals what is not sealed; of how many conversations that was. */
  public int run() {
    int sum = 0;
    List<Plain> page = database.read(TextSealing::page);
    while (!page.isEmpty()) {
      List<Sealed> sealed = new ArrayList<>();
      page.forEach(plain -> sealed.add(seal(plain)));
      sum += database.write(handle -> store(handle, sealed));
      page = database.read(TextSealing::page);
    }
    if (sum > 0) {
      log.info("titles and system prompts of {} conversations are sealed now", sum);
    }
    return sum;
  }

  private static List<Plain> page(Handle handle) {
    return handle
        .createQuery(
            "SELECT id, user_id, title, system FROM chat_conversations"
                + " WHERE title IS NOT NULL OR system IS NOT NULL LIMIT :most")
        .bind("most", PAGE)
        .map((row, context) -> plain(row))
        .list();
  }

  private static Plain plain(ResultSet row) throws SQLException {
    return new Plain(
        row.getString("id"),
        row.getString("user_id"),
        row.getString("title"),
        row.getString("system"));
  }

  /** Of somebody who is being erased there is no key any more, and the texts go at once. */
  private Sealed seal(Plain plain) {
    try {
      return new Sealed(
          plain.id,
          texts.sealTitle(plain.userId, plain.id, plain.title),
          texts.sealSystem(plain.userId, plain.id, plain.system));
    } catch (ParleyException e) {
      if (e.code() == ErrorCode.NOT_FOUND) {
        return new Sealed(plain.id, null, null);
      }
      throw e;
    }
  }

  private static int store(Handle handle, List<Sealed> sealed) {
    for (Sealed one : sealed) {
      handle
          .createUpdate(
              "UPDATE chat_conversations SET title = NULL, system = NULL, title_sealed = :title,"
                  + " system_sealed = :system WHERE id = :id")
          .bind("title", one.title)
          .bind("system", one.system)
          .bind("id", one.id)
          .execute();
    }
    return sealed.size();
  }
}
