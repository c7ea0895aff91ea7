package io.parley.simulation.report;

import java.util.ArrayList;
import java.util.Formatter;
import java.util.List;
import java.util.Locale;

/**
 * A line plot as an SVG element.
 *
 * @param title above it
 * @param xLabel what goes to the right, with its unit
 * @param yLabel what goes up, with its unit
 * @param logarithmic whether y is; values below a thousandth of the largest are drawn there then
 * @param lines at least one, with at least one point in all
 */
record Plot(String title, String xLabel, String yLabel, boolean logarithmic, List<Line> lines) {
  private static final int WIDTH = 560;
  private static final int HEIGHT = 300;
  private static final int LEFT = 64;
  private static final int RIGHT = 12;
  private static final int TOP = 34;
  private static final int BOTTOM = 44;
  private static final int TICKS = 4;
  private static final double LOWEST_SHARE = 1e-3;
  private static final String[] COLOURS = {
    "#3366aa", "#cc5533", "#338855", "#885599", "#aa8822", "#557788", "#bb4477", "#444444"
  };

  /** One line; as many x as y. */
  record Line(String name, List<Double> x, List<Double> y) {}

  String svg() {
    Formatter svg = new Formatter(new StringBuilder(), Locale.ROOT);
    svg.format(
        "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">",
        WIDTH, HEIGHT + 16 * lines.size(), Html.escape(title));
    svg.format("<text class=\"title\" x=\"%d\" y=\"18\">%s</text>", LEFT, Html.escape(title));
    appendAxes(svg);
    for (int i = 0; i < lines.size(); i++) {
      appendLine(svg, lines.get(i), COLOURS[i % COLOURS.length], i);
    }
    return svg.format("</svg>").toString();
  }

  private void appendAxes(Formatter svg) {
    for (int i = 0; i <= TICKS; i++) {
      double share = (double) i / TICKS;
      double x = minX() + share * (maxX() - minX());
      double y = valueAt(share);
      svg.format(
          "<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>",
          LEFT, WIDTH - RIGHT, placeY(y), placeY(y));
      svg.format(
          "<text class=\"tick\" text-anchor=\"end\" x=\"%d\" y=\"%.1f\">%s</text>",
          LEFT - 6, placeY(y) + 4, number(y));
      svg.format(
          "<text class=\"tick\" text-anchor=\"middle\" x=\"%.1f\" y=\"%d\">%s</text>",
          placeX(x), HEIGHT - BOTTOM + 16, number(x));
    }
    svg.format(
        "<text class=\"label\" text-anchor=\"middle\" x=\"%d\" y=\"%d\">%s</text>",
        (LEFT + WIDTH - RIGHT) / 2, HEIGHT - 8, Html.escape(xLabel));
    svg.format(
        "<text class=\"label\" text-anchor=\"middle\" transform=\"translate(14 %d) rotate(-90)\">%s</text>",
        (TOP + HEIGHT - BOTTOM) / 2, Html.escape(yLabel));
  }

  private void appendLine(Formatter svg, Line line, String colour, int index) {
    Formatter points = new Formatter(new StringBuilder(), Locale.ROOT);
    for (int i = 0; i < line.x().size(); i++) {
      points.format("%.1f,%.1f ", placeX(line.x().get(i)), placeY(line.y().get(i)));
    }
    svg.format(
        "<polyline fill=\"none\" stroke-width=\"2\" stroke=\"%s\" points=\"%s\"/>",
        colour, points.toString().strip());
    svg.format(
        "<text class=\"key\" fill=\"%s\" x=\"%d\" y=\"%d\">%s</text>",
        colour, LEFT, HEIGHT + 10 + 16 * index, Html.escape(line.name()));
  }

  private double minX() {
    return all(true).stream().mapToDouble(Double::doubleValue).min().orElse(0);
  }

  private double maxX() {
    return Math.max(
        minX() + 1e-9, all(true).stream().mapToDouble(Double::doubleValue).max().orElse(1));
  }

  private double maxY() {
    return Math.max(1e-9, all(false).stream().mapToDouble(Double::doubleValue).max().orElse(1));
  }

  /** Where the y axis begins. */
  private double minY() {
    double least = all(false).stream().mapToDouble(Double::doubleValue).min().orElse(0);
    return logarithmic ? Math.clamp(least, maxY() * LOWEST_SHARE, maxY() / 2) : 0;
  }

  private List<Double> all(boolean x) {
    List<Double> values = new ArrayList<>();
    lines.forEach(line -> values.addAll(x ? line.x() : line.y()));
    return values;
  }

  private double placeX(double x) {
    return LEFT + (x - minX()) / (maxX() - minX()) * (WIDTH - LEFT - RIGHT);
  }

  private double placeY(double y) {
    double share =
        logarithmic
            ? Math.log(Math.max(y, minY()) / minY()) / Math.log(maxY() / minY())
            : y / maxY();
    return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM);
  }

  private double valueAt(double share) {
    return logarithmic ? minY() * Math.pow(maxY() / minY(), share) : share * maxY();
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, value >= 100 ? "%,.0f" : value >= 1 ? "%.1f" : "%.2f", value);
  }
}
