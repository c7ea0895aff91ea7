package io.parley.training.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** The whole way of a toy: tokenizer, training, export, evaluation. */
class MainTest {
  @TempDir private static Path directory;
  private static Path tokenizer = Path.of("");

  private final StringWriter printed = new StringWriter();
  private final StringWriter failures = new StringWriter();

  @BeforeAll
  static void learnTokenizer() {
    tokenizer = directory.resolve("new/tokenizer.json");
    MainTest test = new MainTest();
    int exit =
        test.run("tokenizer", "--out", "" + tokenizer, "--conversations=500", "--vocabulary=512");
    assertThat(exit).as("%s", test.failures).isZero();
    assertThat(test.printed.toString()).contains("512 tokens");
  }

  @Test
  void trainsAModelThatCanBeJudged() throws IOException {
    Path out = directory.resolve("toy");
    assertThat(train(out, "4", "--json")).as("%s", failures).isZero();
    JsonNode outcome = new ObjectMapper().readTree(printed.toString());
    assertThat(outcome.path("steps").asInt()).isEqualTo(4);
    Path file = Path.of(outcome.path("file").asText());
    assertThat(Files.size(file)).isEqualTo(outcome.path("bytes").asLong());
    assertThat(Files.readAllLines(out.resolve("loss.csv"))).hasSize(5);
    assertThat(out.resolve("loss.svg")).exists();

    printed.getBuffer().setLength(0);
    assertThat(run("eval", "" + file, "--json", "--category=products")).as("%s", failures).isZero();
    JsonNode report = new ObjectMapper().readTree(printed.toString());
    assertThat(report.path("model").asText()).isEqualTo("parley-toy");
    assertThat(report.path("cases").asInt()).isEqualTo(100);
    assertThat(report.path("exact").asInt()).isLessThan(10);
  }

  @Test
  void theSameCommandGoesOnWithARunThatIsThere() {
    Path out = directory.resolve("twice");
    assertThat(train(out, "3")).as("%s", failures).isZero();
    assertThat(printed.toString()).contains("parley-toy.gguf").doesNotContain("going on");
    assertThat(train(out, "3")).as("%s", failures).isZero();
    assertThat(printed.toString()).contains("going on after step 3");
    assertThat(train(out, "4")).isEqualTo(2);
    assertThat(failures.toString()).contains("--steps is 4", "3");
  }

  @Test
  void aVocabularyThatThePanelsOfQuantisedWeightsDoNotFitIsRefused() {
    Path odd = directory.resolve("odd.json");
    run("tokenizer", "--out", "" + odd, "--conversations=50", "--vocabulary=300");
    int exit = run("train", "toy", "--out", "" + directory.resolve("odd"), "--tokenizer", "" + odd);
    assertThat(exit).isEqualTo(2);
    assertThat(failures.toString()).contains("odd.json", "300", "multiple of 32");
  }

  @Test
  void anUnknownPresetIsRefusedWithTheKnownOnes() {
    int exit =
        run("train", "huge", "--out", "" + directory.resolve("x"), "--tokenizer", "" + tokenizer);
    assertThat(exit).isEqualTo(2);
    assertThat(failures.toString()).contains("huge", "toy, mini and base");
  }

  @ParameterizedTest
  @CsvSource({
    "--steps=0, steps must be at least 1",
    "--minutes=-1, minutes must be above 0",
    "--lr=0, learningRate must be between 0 and 1",
    "--warmup=-1, warmupSteps must be at least 0",
    "--threads=0, threads must be at least 1",
    "--micro-batch=0, microBatchTokens must be at least 1",
    "--window=64, windowTokens must be at least 128",
    "--long-window=4096, at most the 2048 tokens",
    "--long-share=2, longWindowShare must be 0 to 1",
    "--user-weight=-1, userWeight must be 0 to 1"
  })
  void aSettingThatCannotBeIsRefusedByName(String option, String message) {
    String out = "" + directory.resolve("refused");
    assertThat(run("train", "toy", "--out", out, "--tokenizer", "" + tokenizer, option))
        .isEqualTo(2);
    assertThat(failures.toString()).contains(message);
  }

  @Test
  void aDirectoryThatIsAFileIsNamed() throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "");
    assertThat(train(file, "1")).isEqualTo(74);
    assertThat(failures.toString().lines()).hasSize(1);
    assertThat(failures.toString()).contains("" + file);
  }

  @Test
  void aModelThatIsNotThereIsNamed() {
    assertThat(run("eval", "missing.gguf")).isEqualTo(2);
    assertThat(failures.toString()).contains("there is no file missing.gguf");
  }

  @Test
  void aFileThatIsNoModelIsRefused() throws IOException {
    Path file = Files.writeString(directory.resolve("text.gguf"), "not a model");
    assertThat(run("eval", "" + file)).isEqualTo(2);
    assertThat(failures.toString()).contains("text.gguf", "GGUF");
  }

  @Test
  void withoutACommandItSaysWhichThereAre() {
    assertThat(run()).isEqualTo(2);
    assertThat(failures.toString()).contains("train", "eval", "tokenizer");
  }

  @ParameterizedTest
  @ValueSource(strings = {"train", "eval", "tokenizer"})
  void everyCommandExplainsItself(String command) {
    assertThat(run(command, "--help")).isZero();
    assertThat(printed.toString()).startsWith("Usage: parley " + command).contains("--help");
  }

  private int train(Path out, String steps, String... more) {
    String[] arguments = {
      "train",
      "toy",
      "--out",
      "" + out,
      "--tokenizer",
      "" + tokenizer,
      "--steps",
      steps,
      "--batch-tokens",
      "512"
    };
    String[] all = Arrays.copyOf(arguments, arguments.length + more.length);
    System.arraycopy(more, 0, all, arguments.length, more.length);
    return run(all);
  }

  private int run(String... arguments) {
    CommandLine line = Main.commandLine();
    line.setOut(new PrintWriter(printed, true));
    line.setErr(new PrintWriter(failures, true));
    return line.execute(arguments);
  }
}
