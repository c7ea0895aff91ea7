package io.parley.simulation.report;

import java.util.Formatter;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.DoubleStream;

/**
 * A line plot as an SVG element, its key below it.
 *
 * @param title above it
 * @param xLabel what goes to the right, with its unit
 * @param yLabel what goes up, with its unit
 * @param logarithmic whether y is
 * @param lines at least one, with at least one point in all
 */
record Plot(String title, String xLabel, String yLabel, boolean logarithmic, List<Line> lines) {
  private static final int WIDTH = 560;
  private static final int HEIGHT = 300;
  private static final int LEFT = 72;
  private static final int RIGHT = 24;
  private static final int TOP = 34;
  private static final int BOTTOM = 44;
  private static final int KEY_COLUMNS = 2;
  private static final int KEY_LINE = 18;
  private static final int KEY_MARK = 22;
  private static final String[] COLOURS = {
    "#3366aa", "#cc5533", "#338855", "#885599", "#aa8822", "#bb4477", "#557788", "#444444"
  };

  /**
   * One line; as many x as y.
   *
   * @param colour lines of one number have one colour
   * @param dashed tells it from another of the same colour
   */
  record Line(String name, int colour, boolean dashed, List<Double> x, List<Double> y) {
    private String stroke() {
      String dashes = dashed ? " stroke-dasharray=\"5 3\"" : "";
      return "stroke=\"%s\"%s".formatted(COLOURS[colour % COLOURS.length], dashes);
    }
  }

  String svg() {
    Axis x = Axis.between(least(Line::x), most(Line::x));
    Axis y =
        logarithmic
            ? Axis.logarithmic(least(Line::y), most(Line::y))
            : Axis.upTo(least(Line::y), most(Line::y));
    Formatter svg = new Formatter(new StringBuilder(), Locale.ROOT);
    int keyRows = Math.ceilDiv(lines.size(), KEY_COLUMNS);
    svg.format(
        "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">",
        WIDTH, HEIGHT + KEY_LINE * keyRows + 8, Html.escape(title));
    svg.format("<text class=\"title\" x=\"%d\" y=\"18\">%s</text>", LEFT, Html.escape(title));
    appendAxes(svg, x, y);
    for (int i = 0; i < lines.size(); i++) {
      appendLine(svg, lines.get(i), x, y);
      appendKey(svg, lines.get(i), i);
    }
    return svg.format("</svg>").toString();
  }

  private void appendAxes(Formatter svg, Axis x, Axis y) {
    for (double tick : y.ticks()) {
      svg.format(
          "<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>",
          LEFT, WIDTH - RIGHT, placeY(y, tick), placeY(y, tick));
      svg.format(
          "<text class=\"tick\" text-anchor=\"end\" x=\"%d\" y=\"%.1f\">%s</text>",
          LEFT - 6, placeY(y, tick) + 4, Axis.text(tick));
    }
    for (double tick : x.ticks()) {
      svg.format(
          "<text class=\"tick\" text-anchor=\"middle\" x=\"%.1f\" y=\"%d\">%s</text>",
          placeX(x, tick), HEIGHT - BOTTOM + 16, Axis.text(tick));
    }
    svg.format(
        "<text class=\"label\" text-anchor=\"middle\" x=\"%d\" y=\"%d\">%s</text>",
        (LEFT + WIDTH - RIGHT) / 2, HEIGHT - 8, Html.escape(xLabel));
    svg.format(
        "<text class=\"label\" text-anchor=\"middle\" transform=\"translate(14 %d) rotate(-90)\">%s</text>",
        (TOP + HEIGHT - BOTTOM) / 2, Html.escape(yLabel));
  }

  private static void appendLine(Formatter svg, Line line, Axis x, Axis y) {
    Formatter points = new Formatter(new StringBuilder(), Locale.ROOT);
    for (int i = 0; i < line.x().size(); i++) {
      points.format("%.1f,%.1f ", placeX(x, line.x().get(i)), placeY(y, line.y().get(i)));
    }
    svg.format(
        "<polyline fill=\"none\" stroke-width=\"1.8\" %s points=\"%s\"/>",
        line.stroke(), points.toString().strip());
  }

  /** A piece of the line and its name. */
  private static void appendKey(Formatter svg, Line line, int index) {
    int left = LEFT + index % KEY_COLUMNS * (WIDTH - LEFT - RIGHT) / KEY_COLUMNS;
    int middle = HEIGHT + 8 + KEY_LINE * (index / KEY_COLUMNS);
    svg.format(
        "<line stroke-width=\"2.5\" %s x1=\"%d\" x2=\"%d\" y1=\"%d\" y2=\"%d\"/>",
        line.stroke(), left, left + KEY_MARK, middle, middle);
    svg.format(
        "<text class=\"key\" x=\"%d\" y=\"%d\">%s</text>",
        left + KEY_MARK + 6, middle + 4, Html.escape(line.name()));
  }

  private double least(Function<Line, List<Double>> values) {
    return all(values).min().orElse(0);
  }

  private double most(Function<Line, List<Double>> values) {
    return all(values).max().orElse(1);
  }

  private DoubleStream all(Function<Line, List<Double>> values) {
    return lines.stream().map(values).flatMap(List::stream).mapToDouble(Double::doubleValue);
  }

  private static double placeX(Axis axis, double x) {
    return LEFT + axis.share(x) * (WIDTH - LEFT - RIGHT);
  }

  private static double placeY(Axis axis, double y) {
    return HEIGHT - BOTTOM - axis.share(y) * (HEIGHT - TOP - BOTTOM);
  }
}
