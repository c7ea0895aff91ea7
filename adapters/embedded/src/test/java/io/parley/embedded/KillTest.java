package io.parley.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.ports.data.Database;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KillTest {
  private static final int ACKNOWLEDGED_BEFORE_THE_KILL = 500;

  @Test
  void hasEveryAcknowledgedWriteAfterKill9(@TempDir Path directory) throws Exception {
    Path file = directory.resolve("test.db");
    Process child = start(file);
    Set<Long> acknowledged = new HashSet<>();
    try (BufferedReader lines = child.inputReader()) {
      while (acknowledged.size() < ACKNOWLEDGED_BEFORE_THE_KILL) {
        acknowledged.add(Long.valueOf(childLine(child, lines.readLine())));
      }
      // SIGKILL in the middle of writing. By the handle: Process.destroy would close the pipe.
      child.toHandle().destroyForcibly();
      child.waitFor();
      lines.lines().filter(line -> !line.isEmpty()).map(Long::valueOf).forEach(acknowledged::add);
    }
    try (Database database = SqliteDatabase.open(file, 1)) {
      assertThat(ids(database)).containsAll(acknowledged);
      assertThat(database.<String, RuntimeException>read(KillTest::integrity)).isEqualTo("ok");
    }
  }

  private static Process start(Path file) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            AcknowledgedWrites.class.getName(),
            file.toString())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  private static String childLine(Process child, @Nullable String line) {
    assertThat(line).as("the child ended by itself: %s", child).isNotNull();
    return line;
  }

  private static List<Long> ids(Database database) {
    return database.read(
        handle -> handle.createQuery("SELECT id FROM entry").mapTo(Long.class).list());
  }

  private static String integrity(Handle handle) {
    return handle.createQuery("PRAGMA integrity_check").mapTo(String.class).one();
  }
}
