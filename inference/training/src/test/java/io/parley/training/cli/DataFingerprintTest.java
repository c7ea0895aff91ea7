package io.parley.training.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.training.bpe.BpeTrainer;
import io.parley.training.corpus.Corpus;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class DataFingerprintTest {
  @Test
  void isTheSameInEveryProcess() throws IOException, InterruptedException {
    String here = fingerprint(1);
    assertThat(here).matches("[0-9a-f]{1,8}");
    assertThat(inAnotherProcess()).isEqualTo(here);
  }

  @Test
  void tellsCorporaApart() {
    assertThat(fingerprint(1)).isNotEqualTo(fingerprint(2));
  }

  private static String fingerprint(long seed) {
    return DataFingerprint.of(new Corpus(seed), new BpeTrainer().train(261));
  }

  private static String inAnotherProcess() throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-cp",
                    System.getProperty("java.class.path"),
                    Printer.class.getName()))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String printed =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    assertThat(process.waitFor()).isZero();
    return printed;
  }

  /** What the other process runs. */
  static final class Printer {
    private Printer() {}

    @SuppressWarnings("SystemOut") // its output is its result
    public static void main(String[] arguments) {
      System.out.println(fingerprint(1));
    }
  }
}
