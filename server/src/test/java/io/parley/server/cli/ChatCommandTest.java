package io.parley.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.server.DataDirectory;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChatCommandTest {
  @TempDir Path directory;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void buildsTheIndexOfAStoppedServer() {
    assertThat(run("chat", "reindex", "--data", directory.toString())).isZero();
    assertThat(out.toString()).contains("the search index has 0 messages and titles");
    assertThat(directory.resolve("search")).isNotEmptyDirectory();
  }

  @Test
  void addsAMasterKey() throws Exception {
    run("chat", "reindex", "--data", directory.toString());
    assertThat(run("chat", "rotate-key", "--data", directory.toString())).isZero();
    assertThat(Files.readAllLines(directory.resolve("chat-keys"))).hasSize(2);
    assertThat(out.toString()).contains("0 keys of users");
  }

  @Test
  void leavesARunningServerAlone() {
    try (DataDirectory server = DataDirectory.open(directory)) {
      assertThat(run("chat", "reindex", "--data", directory.toString())).isNotZero();
      assertThat(err.toString()).contains("another server is using");
      assertThat(server.devKey()).doesNotExist();
    }
  }

  private int run(String... arguments) {
    return Main.commandLine(Map.of(), new PrintWriter(out, true), new PrintWriter(err, true))
        .execute(arguments);
  }
}
