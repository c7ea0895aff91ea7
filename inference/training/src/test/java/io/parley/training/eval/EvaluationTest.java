package io.parley.training.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.parley.common.ParleyException;
import io.parley.ports.model.Prompt;
import io.parley.training.corpus.EvaluationCase;
import io.parley.training.corpus.Message;
import io.parley.training.corpus.Role;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EvaluationTest {
  @Test
  void scoresExactAnswersByCategory() throws Exception {
    FakePool pool = new FakePool(1, prompt -> last(prompt).startsWith("right") ? "  yes\n" : "Yes");
    Report report =
        new Evaluation(pool, "fake", 4)
            .run(List.of(one("a", "right 1"), one("b", "wrong"), one("a", "right 2")));
    assertThat(report.scores()).containsExactly(new Score("a", 2, 2), new Score("b", 1, 0));
    assertThat(report.total()).isEqualTo(new Score("all", 3, 2));
    assertThat(report.misses()).containsExactly(new Answer(one("b", "wrong"), "Yes"));
  }

  @Test
  void keepsAsManyInFlightAsItMayAndNoMore() throws Exception {
    FakePool pool = new FakePool(5, prompt -> "yes");
    List<EvaluationCase> cases =
        IntStream.range(0, 40).mapToObj(i -> one("a", "question " + i)).toList();
    Report report = new Evaluation(pool, "fake", 5).run(cases);
    assertThat(pool.mostInFlight()).isEqualTo(5);
    assertThat(report.answers().stream().map(Answer::question)).isEqualTo(cases);
  }

  @Test
  void theModelSeesTheWholeConversation() throws Exception {
    FakePool pool = new FakePool(1, prompt -> prompt.turns().size() + last(prompt));
    EvaluationCase question =
        new EvaluationCase(
            "memory",
            List.of(
                new Message(Role.USER, "I am Ann"),
                new Message(Role.ASSISTANT, "Hello"),
                new Message(Role.USER, "who?")),
            "3who?");
    assertThat(new Evaluation(pool, "fake", 1).run(List.of(question)).misses()).isEmpty();
  }

  @Test
  void aFailedCaseFailsTheEvaluation() {
    FakePool pool = new FakePool(1, prompt -> last(prompt).equals("bad") ? FakePool.FAILS : "yes");
    Evaluation evaluation = new Evaluation(pool, "fake", 2);
    assertThatThrownBy(() -> evaluation.run(List.of(one("a", "good"), one("a", "bad"))))
        .isInstanceOf(ParleyException.class)
        .hasMessage("it broke");
  }

  @Test
  void theTableIsMarkdownWithARowForEveryCategoryAndOneForAll() {
    assertThat(printed(out -> ReportFormat.table(report(), out)).lines())
        .containsExactly(
            "Held-out questions that fake answered exactly:",
            "",
            "| category                 |  cases |  exact | percent |",
            "|--------------------------|-------:|-------:|--------:|",
            "| a                        |      2 |      1 |    50.0 |",
            "| b                        |      1 |      1 |   100.0 |",
            "| all                      |      3 |      2 |    66.7 |");
  }

  @Test
  void theJsonHasTheSameFiguresAndTheMisses() throws Exception {
    JsonNode root =
        new ObjectMapper().readTree(printed(out -> ReportFormat.json(report(), true, out)));
    assertThat(root.path("model").asText()).isEqualTo("fake");
    assertThat(root.path("cases").asInt()).isEqualTo(3);
    assertThat(root.path("exact").asInt()).isEqualTo(2);
    assertThat(root.path("categories").path(0).path("percent").asDouble()).isEqualTo(50.0);
    assertThat(root.path("misses").path(0).path("given").asText()).isEqualTo("no");
    assertThat(printed(out -> ReportFormat.json(report(), false, out))).doesNotContain("misses");
  }

  @Test
  void missesShowQuestionRightAnswerAndGivenOne() {
    assertThat(printed(out -> ReportFormat.misses(report(), out)).lines())
        .containsExactly("", "[a]", "user: two", "expected: yes", "given:    no");
  }

  private static Report report() {
    return new Report(
        "fake",
        List.of(
            new Answer(one("a", "one"), "yes"),
            new Answer(one("a", "two"), "no"),
            new Answer(one("b", "three"), "yes")));
  }

  private static String printed(Consumer<PrintWriter> print) {
    StringWriter text = new StringWriter();
    PrintWriter out = new PrintWriter(text);
    print.accept(out);
    out.flush();
    return text.toString();
  }

  private static EvaluationCase one(String category, String question) {
    return new EvaluationCase(category, List.of(new Message(Role.USER, question)), "yes");
  }

  private static String last(Prompt prompt) {
    return prompt.turns().getLast().text();
  }
}
