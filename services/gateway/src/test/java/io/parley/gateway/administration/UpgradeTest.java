package io.parley.gateway.administration;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.common.TimeSource;
import io.parley.embedded.SqliteDatabase;
import io.parley.gateway.identity.KeyAuthenticator;
import io.parley.gateway.identity.KeyKind;
import io.parley.gateway.identity.Secrets;
import io.parley.ports.data.Database;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A database of the first version is as good as a new one. */
class UpgradeTest {
  private static final String GOOD = "sk-parley-" + "a".repeat(43);
  private static final String REVOKED = "sk-parley-" + "b".repeat(43);

  @TempDir Path directory;

  @Test
  void keysOfTheFirstVersionAreStillGoodAndRevokedOnesAreNot() throws SQLException {
    Path file = directory.resolve("old.db");
    firstVersion("jdbc:sqlite:" + file);
    try (Database database = SqliteDatabase.open(file, 1)) {
      KeyAuthenticator authenticator =
          new KeyAuthenticator(database, TimeSource.system(), Runnable::run);
      assertThat(authenticator.authenticate(GOOD).orElseThrow().scopes())
          .isEqualTo(KeyKind.API.scopes());
      assertThat(authenticator.authenticate(REVOKED)).isEmpty();
      Administration administration =
          new Administration(
              database, TimeSource.system(), new SecureRandom(), AdministrationLimits.DEFAULTS);
      Administrator by = new Administrator(Actor.SERVER, "org_1");
      assertThat(administration.organisations().get(by).tierId()).isEqualTo(Tier.UNLIMITED);
      assertThat(administration.apiKeys().get(by, KeyKind.API, "key_2").status())
          .isEqualTo(KeyStatus.ARCHIVED);
    }
  }

  private static void firstVersion(String url) throws SQLException {
    Flyway.configure()
        .dataSource(url, null, null)
        .placeholders(Map.of("key", "TEXT", "int64", "INTEGER", "strict", "STRICT"))
        .target("1")
        .load()
        .migrate();
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      statement.execute("INSERT INTO organisations VALUES ('org_1', 'old', 5)");
      statement.execute(key("key_1", GOOD, "NULL"));
      statement.execute(key("key_2", REVOKED, "7"));
    }
  }

  private static String key(String id, String secret, String revoked) {
    return "INSERT INTO api_keys VALUES ('%s', 'org_1', 'k', '%s', 'sk-parley-aaaa', 6, %s)"
        .formatted(id, Secrets.hash(secret), revoked);
  }
}
