package io.parley.chat;

import io.parley.ports.data.Database;

/** Rows of users, for tests that need no more of them. */
public final class TestUsers {
  private TestUsers() {}

  public static void insert(Database database, String... ids) {
    for (String id : ids) {
      database.write(
          handle ->
              handle.execute(
                  "INSERT INTO chat_users (id, organisation_id, name, guest, notify_mail,"
                      + " created_at_ms) VALUES (?, 'org', 'Test', ?, ?, 0)",
                  id,
                  true,
                  false));
    }
  }
}
