package io.parley.training.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.training.eval.FakePool;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class EvalCommandTest {
  private static final String REFUSAL = "I am a small demo model and I don't know that.";

  private final StringWriter printed = new StringWriter();
  private final StringWriter failures = new StringWriter();
  private final FakePool pool = new FakePool(1, prompt -> REFUSAL);

  @Test
  void aModelThatAlwaysRefusesIsRightAboutTheUnknownAlone() {
    assertThat(run("model.gguf", "--category", "unknown-unseen", "--category", "products"))
        .isZero();
    assertThat(printed.toString())
        .containsPattern("\\| unknown-unseen +\\| +(\\d+) \\| +\\1 \\| +100\\.0 \\|")
        .containsPattern("\\| products +\\| +100 \\| +0 \\| +0\\.0 \\|");
    assertThat(pool.isClosed()).isTrue();
  }

  @Test
  void printsOneJsonObjectOnOneLine() {
    assertThat(run("model.gguf", "--json", "--category", "products")).isZero();
    assertThat(printed.toString().lines()).hasSize(1);
    assertThat(printed.toString()).startsWith("{\"model\":\"fake\",").doesNotContain("misses");
  }

  @Test
  void printsTheMissesOnRequest() {
    assertThat(run("model.gguf", "--misses", "--category", "products")).isZero();
    assertThat(printed.toString()).contains("expected: 0 * 0 = 0.", "given:    " + REFUSAL);
  }

  @Test
  void anUnknownCategoryIsRefusedWithTheRightOnes() {
    assertThat(run("model.gguf", "--category", "sums")).isNotZero();
    assertThat(failures.toString()).contains("--category").contains("sums-unseen");
  }

  private int run(String... arguments) {
    CommandLine line =
        new CommandLine(
            new EvalCommand(
                file -> {
                  assertThat(file).isEqualTo(Path.of("model.gguf"));
                  return pool;
                }));
    line.setOut(new PrintWriter(printed, true));
    line.setErr(new PrintWriter(failures, true));
    return line.execute(arguments);
  }
}
