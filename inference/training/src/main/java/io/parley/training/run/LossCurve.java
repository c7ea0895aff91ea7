package io.parley.training.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** Draws {@code loss.csv} as an SVG: loss over steps, logarithmic, smoothed. */
public final class LossCurve {
  private static final int WIDTH = 800;
  private static final int HEIGHT = 420;
  private static final int LEFT = 60;
  private static final int RIGHT = 20;
  private static final int TOP = 40;
  private static final int BOTTOM = 40;
  private static final int POINTS = 400;

  private final List<RunLog.Row> rows;
  private final double lowest;
  private final double highest;

  private LossCurve(List<RunLog.Row> rows) {
    this.rows = rows;
    this.lowest =
        Math.max(1e-4, rows.stream().mapToDouble(LossCurve::lower).min().orElse(0.1) * 0.9);
    this.highest =
        Math.max(lowest * 2, rows.stream().mapToDouble(LossCurve::upper).max().orElse(10) * 1.1);
  }

  /** Draws {@code table} into {@code picture}. */
  public static void draw(Path table, Path picture, String title) throws IOException {
    List<RunLog.Row> rows = RunLog.read(table);
    if (!rows.isEmpty()) {
      Files.writeString(picture, new LossCurve(rows).svg(title));
    }
  }

  private static double lower(RunLog.Row row) {
    return Math.min(row.loss(), Double.isNaN(row.answerLoss()) ? row.loss() : row.answerLoss());
  }

  private static double upper(RunLog.Row row) {
    return Math.max(row.loss(), Double.isNaN(row.answerLoss()) ? row.loss() : row.answerLoss());
  }

  private String svg(String title) {
    StringBuilder svg = new StringBuilder();
    line(
        svg,
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 %d %d' font-family='sans-serif'"
            + " font-size='12'>",
        WIDTH,
        HEIGHT);
    line(svg, "<rect width='100%%' height='100%%' fill='white'/>");
    line(svg, "<text x='%d' y='22' font-size='15'>%s</text>", LEFT, escape(title));
    grid(svg);
    curve(svg, RunLog.Row::loss, "#9aa4b2");
    curve(svg, RunLog.Row::answerLoss, "#c2410c");
    line(svg, "<text x='%d' y='22' fill='#9aa4b2'>all tokens</text>", WIDTH - 190);
    line(svg, "<text x='%d' y='22' fill='#c2410c'>answers</text>", WIDTH - 90);
    return svg.append("</svg>\n").toString();
  }

  private void grid(StringBuilder svg) {
    for (double decade = 1e-4; decade <= highest; decade *= 10) {
      for (int digit : new int[] {1, 2, 5}) {
        double loss = decade * digit;
        if (loss >= lowest && loss <= highest) {
          double y = y(loss);
          line(
              svg,
              "<path d='M%d %.1fH%d' stroke='#e5e7eb'/><text x='%d' y='%.1f'"
                  + " text-anchor='end'>%s</text>",
              LEFT,
              y,
              WIDTH - RIGHT,
              LEFT - 6,
              y + 4,
              Float.toString((float) loss));
        }
      }
    }
    long last = rows.getLast().step();
    for (int quarter = 0; quarter <= 4; quarter++) {
      long step = last * quarter / 4;
      line(
          svg,
          "<text x='%.1f' y='%d' text-anchor='middle'>%d</text>",
          x(step),
          HEIGHT - BOTTOM + 18,
          step);
    }
  }

  /** Averages equal runs of rows, so that the picture has about {@value #POINTS} points. */
  private void curve(StringBuilder svg, ToDoubleFunction<RunLog.Row> value, String colour) {
    StringBuilder points = new StringBuilder();
    int run = Math.max(1, rows.size() / POINTS);
    for (int start = 0; start < rows.size(); start += run) {
      List<RunLog.Row> part = rows.subList(start, Math.min(rows.size(), start + run));
      double mean =
          part.stream()
              .mapToDouble(value)
              .filter(v -> !Double.isNaN(v))
              .average()
              .orElse(Double.NaN);
      if (!Double.isNaN(mean)) {
        points.append(
            String.format(
                Locale.ROOT, "%.1f,%.1f ", x(part.getLast().step()), y(Math.max(mean, lowest))));
      }
    }
    line(svg, "<polyline fill='none' stroke='%s' stroke-width='1.5' points='%s'/>", colour, points);
  }

  private double x(long step) {
    return LEFT + (double) (WIDTH - LEFT - RIGHT) * step / rows.getLast().step();
  }

  private double y(double loss) {
    double share = Math.log(loss / lowest) / Math.log(highest / lowest);
    return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM);
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;");
  }

  @SuppressWarnings("AnnotateFormatMethod") // Its annotation would be a dependency of its own.
  private static void line(StringBuilder svg, String format, Object... values) {
    svg.append(String.format(Locale.ROOT, format, values)).append('\n');
  }
}
