package io.parley.gateway.administration;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;
import io.parley.embedded.SqliteDatabase;
import io.parley.ports.data.Database;
import io.parley.testkit.VirtualTime;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A database with one organisation, in virtual time. */
abstract class AdministrationFixture {
  @TempDir Path directory;
  final VirtualTime time = new VirtualTime();
  AdministrationLimits limits = AdministrationLimits.DEFAULTS;
  Database database;
  Administration administration;
  Administrator by;

  @BeforeEach
  void open() {
    openFile("test.db");
    NewApiKey first = administration.bootstrap(key -> {}).orElseThrow();
    by = new Administrator(Actor.SERVER, first.organisationId());
  }

  void reopen(String file) {
    database.close();
    openFile(file);
  }

  private void openFile(String file) {
    database = SqliteDatabase.open(directory.resolve(file), 1);
    administration = new Administration(database, time, new SecureRandom(), limits);
  }

  @AfterEach
  void close() {
    database.close();
  }

  /** Every row of every table. */
  Map<String, List<Map<String, Object>>> dump() {
    return database.read(
        handle -> {
          Map<String, List<Map<String, Object>>> all = new TreeMap<>();
          for (String table :
              handle
                  .createQuery("SELECT name FROM sqlite_master WHERE type = 'table'")
                  .mapTo(String.class)
                  .list()) {
            all.put(table, handle.createQuery("SELECT * FROM " + table).mapToMap().list());
          }
          return all;
        });
  }

  static void refused(ErrorCode code, String message, ThrowingCallable call) {
    assertThatExceptionOfType(ParleyException.class)
        .isThrownBy(call)
        .withMessageContaining(message)
        .matches(e -> e.code() == code, "has the code " + code);
  }
}
