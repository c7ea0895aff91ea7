package io.parley.training.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.common.TimeSource;
import io.parley.training.checkpoint.Checkpoint;
import io.parley.training.checkpoint.CheckpointDirectory;
import io.parley.training.llama.LossFunction;
import io.parley.training.llama.Precision;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResumeAfterKillTest {
  private static final int KILLED_AFTER = 6;
  private static final int NEVER_PAST = 30;

  @TempDir private Path directory;

  @Test
  void aRunThatWasKilledAndResumedEndsWithTheBitsOfOneThatWasNot() throws Exception {
    Path killed = directory.resolve("killed");
    kill(killed);
    long stored = new CheckpointDirectory(killed).newest().orElseThrow().step();
    assertThat(stored).isBetween(KILLED_AFTER - 1L, NEVER_PAST - 1L);

    List<String> said = finish(killed);
    assertThat(said).startsWith("went on after " + stored, "step " + (stored + 1));
    assertThat(said).endsWith("step " + ToyRun.STEPS);

    assertThat(new CheckpointDirectory(killed).newest()).contains(uninterrupted());
  }

  /** In this process, with the true clock: a checkpoint comes only after the last step. */
  private Checkpoint uninterrupted() throws IOException {
    Path whole = directory.resolve("whole");
    try (LossFunction function = ToyRun.function(Precision.BF16)) {
      TrainingSettings settings = ToyRun.settings(Precision.BF16);
      ToyRun.run(settings, function, whole, TimeSource.system()).run((report, total) -> {});
    }
    return new CheckpointDirectory(whole).newest().orElseThrow();
  }

  private static void kill(Path run) throws Exception {
    Process process = start(run, NEVER_PAST);
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      String line = lines.readLine();
      while (line != null && !line.equals("step " + KILLED_AFTER)) {
        line = lines.readLine();
      }
      assertThat(line).as("the run ended by itself").isNotNull();
      process.destroyForcibly();
      assertThat(process.waitFor()).isNotZero();
    }
  }

  private static List<String> finish(Path run) throws Exception {
    Process process = start(run, Integer.MAX_VALUE);
    List<String> said = new ArrayList<>();
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      lines.lines().forEach(said::add);
    }
    assertThat(process.waitFor()).as("%s", said).isZero();
    return said;
  }

  private static Process start(Path run, int lastStep) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("-XX:+UseSerialGC");
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(ToyRun.class.getName(), run.toString(), "" + lastStep));
    try {
      return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
