package io.parley.embedded;

import java.util.Map;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.sqlite.SQLiteConfig.TransactionMode;

/**
 * Brings the schema up to date with the migrations that services ship under {@code db/migration}.
 *
 * <p>The placeholders are what one text needs to run on SQLite and on PostgreSQL alike.
 */
final class SchemaMigrations {
  private static final Map<String, String> PLACEHOLDERS =
      Map.of(
          "key", "TEXT", // compares bytes, which PostgreSQL does with COLLATE "C"
          "int64", "INTEGER",
          "bool", "INTEGER",
          "blob", "BLOB",
          "json", "TEXT", // PostgreSQL's JSONB checks itself; here a CHECK (json_valid(x)) may
          "strict", "STRICT");

  private SchemaMigrations() {}

  static void run(SqliteFile file) {
    try {
      Flyway.configure(SchemaMigrations.class.getClassLoader())
          .dataSource(file.source(TransactionMode.IMMEDIATE))
          .locations("classpath:db/migration")
          .placeholders(PLACEHOLDERS)
          // A schema from the future is refused: older code would write rows that newer code
          // rejects.
          .ignoreMigrationPatterns(new String[0])
          .loggers("slf4j")
          .load()
          .migrate();
    } catch (FlywayException e) {
      throw file.unusable(e);
    }
  }
}
