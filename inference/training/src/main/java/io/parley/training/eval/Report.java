package io.parley.training.eval;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** All answers of one evaluation, in the order of its cases. */
public record Report(String modelId, List<Answer> answers) {
  public Report {
    answers = List.copyOf(answers);
  }

  /** A score a category, in the order in which categories first appear. */
  public List<Score> scores() {
    Map<String, List<Answer>> categories =
        answers.stream()
            .collect(
                Collectors.groupingBy(
                    answer -> answer.question().category(),
                    LinkedHashMap::new,
                    Collectors.toList()));
    return categories.entrySet().stream()
        .map(entry -> score(entry.getKey(), entry.getValue()))
        .toList();
  }

  /** The score over all cases, under the category {@code all}. */
  public Score total() {
    return score("all", answers);
  }

  /** The answers that were not exact. */
  public List<Answer> misses() {
    return answers.stream().filter(answer -> !answer.exact()).toList();
  }

  private static Score score(String category, List<Answer> answers) {
    int exact = (int) answers.stream().filter(Answer::exact).count();
    return new Score(category, answers.size(), exact);
  }
}
