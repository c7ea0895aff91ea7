package io.parley.chat.conversations;

import io.parley.chat.BodyCipher;
import io.parley.ports.data.Database;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;

/**
 * Goes through conversations for the sake of the server, whoever's they are: to index, to export,
 * to forget. Each page is read by itself, in order of ids, so that a walk holds nothing and sees
 * whatever is there all the time. Texts that cannot be opened are left out. Thread-safe; blocks.
 */
public final class ConversationScan {
  private static final int PAGE = 200;

  private final Database database;
  private final ConversationTexts texts;

  public ConversationScan(Database database, BodyCipher cipher) {
    this.database = database;
    this.texts = new ConversationTexts(cipher);
  }

  /** All conversations of all users. */
  public void all(Consumer<Conversation> each) {
    walk("", "", 0, each);
  }

  /** All conversations of a user. */
  public void ofUser(String userId, Consumer<Conversation> each) {
    walk(" AND user_id = :value", userId, 0, each);
  }

  /** Conversations of an organisation that nobody flagged and in which nothing happened since. */
  public void idleSince(String organisationId, Instant time, Consumer<Conversation> each) {
    walk(
        " AND organisation_id = :value AND flagged = 0 AND answering_id IS NULL"
            + " AND last_activity_at_ms < :before",
        organisationId,
        time.toEpochMilli(),
        each);
  }

  /** Organisations that have conversations. */
  public List<String> organisations() {
    return database.read(
        handle ->
            handle
                .createQuery("SELECT DISTINCT organisation_id FROM chat_conversations")
                .mapTo(String.class)
                .list());
  }

  private void walk(String condition, String value, long beforeMs, Consumer<Conversation> each) {
    Optional<String> after = Optional.of("");
    while (after.isPresent()) {
      String place = after.get();
      List<ConversationRow> page =
          database.read(handle -> page(handle, condition, value, beforeMs, place));
      page.forEach(row -> each.accept(texts.openOrBare(row)));
      after = page.size() < PAGE ? Optional.empty() : Optional.of(page.getLast().bare().id());
    }
  }

  private static List<ConversationRow> page(
      Handle handle, String condition, String value, long beforeMs, String after) {
    var query =
        handle
            .createQuery(
                ConversationRows.SELECT
                    + " WHERE id > :after"
                    + condition
                    + " ORDER BY id LIMIT :most")
            .bind("after", after)
            .bind("most", PAGE);
    if (condition.contains(":value")) {
      query.bind("value", value);
    }
    if (condition.contains(":before")) {
      query.bind("before", beforeMs);
    }
    return query.map((row, context) -> ConversationRows.row(row)).list();
  }
}
