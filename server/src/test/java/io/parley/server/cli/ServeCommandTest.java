package io.parley.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.server.DataDirectory;
import io.parley.server.config.ConfigReference;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the command line answers without a server. */
class ServeCommandTest {
  @TempDir Path directory;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void tellsItsOptions() {
    assertThat(serve("--help")).isEqualTo(ExitCode.OK);
    assertThat(out.toString()).contains("--port", "--host", "--data", "--config", "--model");
  }

  @Test
  void printsTheReferenceOfAllSettings() {
    assertThat(serve("--help-config")).isEqualTo(ExitCode.OK);
    assertThat(out.toString()).isEqualTo(ConfigReference.markdown());
  }

  @Test
  void refusesAnUnknownFlagWithTheNearestName() {
    assertThat(serve("--prt", "1")).isEqualTo(ExitCode.USAGE);
    assertThat(err.toString()).contains("--prt", "--port");
  }

  @Test
  void refusesAModelWithoutAFile() {
    assertThat(serve("--model", "x")).isEqualTo(ExitCode.USAGE);
    assertThat(err.toString()).contains("--model", "NAME=FILE");
  }

  @Test
  void refusesASettingThatIsWrong() {
    assertThat(serve("--port", "70000")).isEqualTo(ExitCode.CONFIG);
    assertThat(err.toString())
        .isEqualToIgnoringNewLines(
            "parley: --port: http.port must be a whole number from 0 to 65535, not '70000'");
  }

  @Test
  void refusesADataDirectoryThatAnotherServerHas() {
    Path data = directory.resolve("data");
    try (DataDirectory other = DataDirectory.open(data)) {
      assertThat(serve("--data", data.toString())).isEqualTo(ExitCode.UNAVAILABLE);
      assertThat(other.database()).doesNotExist();
    }
    assertThat(err.toString()).startsWith("parley: another server is using the data directory");
  }

  @Test
  void refusesAModelFileThatIsNone() throws IOException {
    Path file = Files.writeString(directory.resolve("m.gguf"), "not a model");
    int code = serve("--data", directory.resolve("data").toString(), "--model", "m=" + file);
    assertThat(err.toString()).startsWith("parley: ").contains("m.gguf").hasLineCount(1);
    assertThat(code).isEqualTo(ExitCode.CONFIG);
  }

  private int serve(String... arguments) {
    String[] all = new String[arguments.length + 1];
    all[0] = "serve";
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    return Main.commandLine(Map.of(), new PrintWriter(out), new PrintWriter(err)).execute(all);
  }
}
