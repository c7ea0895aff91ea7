package io.parley.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the launcher answers without a build. */
class LauncherTest {
  private record Result(int exitCode, String output) {}

  @Test
  void listsItsCommands() throws Exception {
    Result help = parley("--help");
    assertThat(help.exitCode()).isZero();
    assertThat(help.output())
        .contains(
            "serve ",
            "keys ",
            "orgs ",
            "train ",
            "eval ",
            "bench ",
            "simulate ",
            "verify ",
            "help ");
    assertThat(parley("help")).isEqualTo(help);
    assertThat(parley()).isEqualTo(help);
  }

  @Test
  void refusesAnUnknownCommandWithTheNearestName() throws Exception {
    Result result = parley("srve");
    assertThat(result.exitCode()).isEqualTo(64);
    assertThat(result.output()).contains("'srve'", "did you mean 'serve'?");
    assertThat(parley("benhc").output()).contains("did you mean 'bench'?");
  }

  @Test
  void tellsTheOptionsOfVerify() throws Exception {
    Result result = parley("verify", "--help");
    assertThat(result.exitCode()).isZero();
    assertThat(result.output()).contains("Usage: ./parley verify");
  }

  private static Result parley(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("../parley"));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Result(process.waitFor(), output);
  }
}
