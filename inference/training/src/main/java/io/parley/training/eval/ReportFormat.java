package io.parley.training.eval;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.parley.training.corpus.Message;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;

/** Prints reports for people and for machines. Thread-safe. */
public final class ReportFormat {
  private static final ObjectMapper JSON = new ObjectMapper();

  private ReportFormat() {}

  /** A table in Markdown, to be read as it is too: a row a category, and one for all. */
  public static void table(Report report, PrintWriter out) {
    out.println("Held-out questions that " + report.modelId() + " answered exactly:");
    out.println();
    out.println("| category                 |  cases |  exact | percent |");
    out.println("|--------------------------|-------:|-------:|--------:|");
    report.scores().forEach(score -> row(score, out));
    row(report.total(), out);
  }

  /** Every wrong answer with its question and the right one. */
  public static void misses(Report report, PrintWriter out) {
    for (Answer miss : report.misses()) {
      out.println();
      out.println("[" + miss.question().category() + "]");
      for (Message message : miss.question().prompt()) {
        out.println(message.role().name().toLowerCase(Locale.ROOT) + ": " + message.text());
      }
      out.println("expected: " + miss.question().expected());
      out.println("given:    " + miss.given());
    }
  }

  /** One object with the model, the totals, the categories and, if wanted, the misses. */
  public static void json(Report report, boolean withMisses, PrintWriter out) {
    ObjectNode root = JSON.createObjectNode().put("model", report.modelId());
    write(report.total(), root);
    report.scores().forEach(score -> write(score, root.withArray("categories").addObject()));
    if (withMisses) {
      List<Answer> misses = report.misses();
      misses.forEach(miss -> write(miss, root.withArray("misses").addObject()));
    }
    try {
      out.println(JSON.writeValueAsString(root));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of strings and numbers is always JSON", e);
    }
  }

  private static void row(Score score, PrintWriter out) {
    out.printf(
        Locale.ROOT,
        "| %-24s | %6d | %6d | %7.1f |%n",
        score.category(),
        score.cases(),
        score.exact(),
        score.percent());
  }

  private static void write(Score score, ObjectNode node) {
    node.put("category", score.category());
    node.put("cases", score.cases());
    node.put("exact", score.exact());
    node.put("percent", score.percent());
  }

  private static void write(Answer miss, ObjectNode node) {
    node.put("category", miss.question().category());
    for (Message message : miss.question().prompt()) {
      node.withArray("prompt").add(message.text());
    }
    node.put("expected", miss.question().expected());
    node.put("given", miss.given());
  }
}
