package io.parley.training.run;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The table {@code loss.csv} of all steps of a run. A run that is taken up again first drops the
 * rows after its checkpoint, since it is about to do those steps once more.
 */
public final class RunLog implements AutoCloseable {
  private static final String HEADER =
      "step,loss,answer_loss,learning_rate,gradient_norm,tokens,seconds";

  private final BufferedWriter writer;

  /**
   * @param doneSteps rows up to this step are kept
   */
  public RunLog(Path file, long doneSteps) throws IOException {
    List<String> kept = new ArrayList<>(List.of(HEADER));
    for (Row row : read(file)) {
      if (row.step() <= doneSteps) {
        kept.add(row.line());
      }
    }
    Files.write(file, kept);
    writer = Files.newBufferedWriter(file, StandardOpenOption.APPEND);
  }

  /** Adds a row; it is in the file when this returns. */
  public void add(StepReport report) throws IOException {
    writer.write(
        String.format(
            Locale.ROOT,
            "%d,%.5f,%.5f,%.4e,%.4f,%d,%.3f%n",
            report.step(),
            report.loss(),
            report.answerLoss(),
            report.learningRate(),
            report.gradientNorm(),
            report.tokens(),
            report.seconds()));
    writer.flush();
  }

  @Override
  public void close() throws IOException {
    writer.close();
  }

  /** One line of the table. */
  record Row(long step, double loss, double answerLoss, double seconds, String line) {}

  /** All whole rows of a table; none if there is no file. */
  static List<Row> read(Path file) throws IOException {
    List<Row> rows = new ArrayList<>();
    if (!Files.exists(file)) {
      return rows;
    }
    for (String line : Files.readAllLines(file)) {
      String[] cells = line.split(",", -1);
      if (cells.length == 7 && !line.equals(HEADER)) {
        rows.add(
            new Row(
                Long.parseLong(cells[0]),
                Double.parseDouble(cells[1]),
                Double.parseDouble(cells[2]),
                Double.parseDouble(cells[6]),
                line));
      }
    }
    return rows;
  }
}
