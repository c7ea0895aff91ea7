package io.parley.embedded;

import io.parley.ports.data.Database;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;

/** A program that writes rows and prints the id of each once its write has returned, for ever. */
final class AcknowledgedWrites {
  private AcknowledgedWrites() {}

  public static void main(String[] arguments) {
    Database database = SqliteDatabase.open(Path.of(arguments[0]), 1);
    database.write(handle -> handle.execute("CREATE TABLE entry (id INTEGER PRIMARY KEY)"));
    AtomicLong next = new AtomicLong();
    for (int i = 0; i < 8; i++) {
      Thread.ofPlatform().start(() -> writeForEver(database, next));
    }
  }

  private static void writeForEver(Database database, AtomicLong next) {
    while (true) {
      long id = next.incrementAndGet();
      database.write(handle -> handle.execute("INSERT INTO entry (id) VALUES (?)", id));
      System.out.println(id);
    }
  }
}
