package io.parley.training.cli;

import io.parley.training.eval.Score;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The figures of a model card: the rows of its table {@code | category | cases | exact |}. */
record ModelCard(List<Score> scores) {
  private static final Pattern ROW =
      Pattern.compile("\\|\\s*([a-z0-9-]*[a-z0-9])\\s*\\|\\s*(\\d+)\\s*\\|\\s*(\\d+)\\s*\\|.*");

  static ModelCard read(Path file) throws IOException {
    List<Score> scores = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      Matcher row = ROW.matcher(line.strip());
      if (row.matches()) {
        scores.add(
            new Score(
                row.group(1), Integer.parseInt(row.group(2)), Integer.parseInt(row.group(3))));
      }
    }
    return new ModelCard(scores);
  }
}
