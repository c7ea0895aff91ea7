package io.parley.training.cli;

import io.parley.common.TimeSource;
import io.parley.training.run.StepReport;
import java.io.PrintWriter;
import java.util.Locale;

/** Shows a run: one line that is drawn over on a terminal, else a line now and then. */
final class Progress {
  private static final double LINE_SECONDS = 10;
  private static final double BAR_SECONDS = 0.5;
  private static final int BAR = 24;

  /** Weight of the newest step in the running means. */
  private static final double NEW_SHARE = 0.05;

  private final PrintWriter writer;
  private final boolean terminal;
  private final TimeSource time;
  private double loss = Double.NaN;
  private double answerLoss = Double.NaN;
  private double tokens = Double.NaN;
  private double seconds = Double.NaN;
  private long shown;
  private String last = "";

  Progress(PrintWriter writer, boolean terminal, TimeSource time) {
    this.writer = writer;
    this.terminal = terminal;
    this.time = time;
    this.shown = time.nanoTime();
  }

  void stepped(StepReport report, long totalSteps) {
    loss = smooth(loss, report.loss());
    answerLoss = smooth(answerLoss, report.answerLoss());
    tokens = smooth(tokens, report.tokens());
    seconds = smooth(seconds, report.seconds());
    last = text(report.step(), totalSteps);
    if ((time.nanoTime() - shown) / 1e9 >= (terminal ? BAR_SECONDS : LINE_SECONDS)) {
      show();
    }
  }

  void finish() {
    show();
    if (terminal) {
      writer.println();
    }
    writer.flush();
  }

  private void show() {
    if (terminal) {
      writer.print("\r" + last + "\u001b[K");
    } else {
      writer.println(last);
    }
    writer.flush();
    shown = time.nanoTime();
  }

  private String text(long step, long totalSteps) {
    boolean open = totalSteps == Long.MAX_VALUE;
    String place = open ? "step " + step : bar(step, totalSteps);
    String left = open ? "measuring" : left((totalSteps - step) * seconds);
    return String.format(
        Locale.ROOT,
        "%s  loss %.4f  answers %.4f  %.0f tokens/s  %s",
        place,
        loss,
        answerLoss,
        tokens / seconds,
        left);
  }

  private String bar(long step, long totalSteps) {
    String place = "step " + step + "/" + totalSteps;
    if (!terminal) {
      return place;
    }
    int filled = (int) (BAR * step / Math.max(1, totalSteps));
    return "[" + "█".repeat(filled) + "·".repeat(BAR - filled) + "] " + place;
  }

  private static String left(double seconds) {
    long whole = Math.round(seconds);
    return whole >= 3600
        ? String.format(Locale.ROOT, "%dh %02dm left", whole / 3600, whole / 60 % 60)
        : String.format(Locale.ROOT, "%dm %02ds left", whole / 60, whole % 60);
  }

  private static double smooth(double mean, double value) {
    if (Double.isNaN(value)) {
      return mean;
    }
    return Double.isNaN(mean) ? value : mean + NEW_SHARE * (value - mean);
  }
}
