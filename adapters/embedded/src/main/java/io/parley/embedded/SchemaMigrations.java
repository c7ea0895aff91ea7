package io.parley.embedded;

import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.TreeMap;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.sqlite.SQLiteConfig.TransactionMode;

/**
 * Brings the schema up to date with the migrations that services ship under {@code db/migration}.
 *
 * <p>The placeholders are what one text needs to run on SQLite and on PostgreSQL alike.
 *
 * <p>Flyway takes longer to look than all the rest of a start. So the fingerprint of the scripts
 * that a file was migrated with is kept in its header ({@code PRAGMA user_version}), and a file
 * that has it already is taken as it is.
 */
final class SchemaMigrations {
  private static final String FOLDER = "db/migration";

  private static final Map<String, String> PLACEHOLDERS =
      new TreeMap<>(
          Map.of(
              "key", "TEXT", // compares bytes, which PostgreSQL does with COLLATE "C"
              "int64", "INTEGER",
              "bool", "INTEGER",
              "blob", "BLOB",
              "json", "TEXT", // PostgreSQL's JSONB checks itself; here a CHECK (json_valid(x)) may
              "strict", "STRICT"));

  private SchemaMigrations() {}

  static void run(SqliteFile file) {
    ClassLoader classPath = SchemaMigrations.class.getClassLoader();
    try (Connection connection = file.openForWriting();
        Statement statement = connection.createStatement()) {
      int wanted = MigrationScripts.fingerprint(classPath, FOLDER, PLACEHOLDERS.toString());
      if (fingerprint(statement) != wanted) {
        migrate(file, classPath);
        statement.execute("PRAGMA user_version = " + wanted);
      }
    } catch (FlywayException | SQLException | IOException e) {
      throw file.unusable(e);
    }
  }

  private static int fingerprint(Statement statement) throws SQLException {
    try (ResultSet row = statement.executeQuery("PRAGMA user_version")) {
      row.next();
      return row.getInt(1);
    }
  }

  private static void migrate(SqliteFile file, ClassLoader classPath) {
    Flyway.configure(classPath)
        .dataSource(file.source(TransactionMode.IMMEDIATE))
        .locations("classpath:" + FOLDER)
        .placeholders(PLACEHOLDERS)
        // A schema from the future is refused: older code would write rows that newer code rejects.
        .ignoreMigrationPatterns(new String[0])
        .loggers("slf4j")
        .load()
        .migrate();
  }
}
