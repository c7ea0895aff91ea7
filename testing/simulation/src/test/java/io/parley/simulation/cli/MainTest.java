package io.parley.simulation.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.parley.common.TimeSource;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xml.sax.InputSource;
import picocli.CommandLine;

class MainTest {
  private record Result(int exitCode, String out, String err) {}

  @Test
  void printsATable() {
    Result result = simulate("--devices", "2");
    assertThat(result.exitCode()).as(result.err()).isZero();
    assertThat(result.out()).contains("TTFT p99", "inter-token p99", "goodput", "Jain", "busy");
  }

  @Test
  void printsTheSameForTheSameSeed() throws Exception {
    JsonNode one = json("--devices", "2", "--seed", "3");
    assertThat(json("--devices", "2", "--seed", "3", "--threads", "3")).isEqualTo(one);
    assertThat(json("--devices", "2", "--seed", "4")).isNotEqualTo(one);
    assertThat(one.at("/reports/0/ttft/p99").asDouble()).isPositive();
    assertThat(one.at("/scenario/service level").asText()).contains("1000");
  }

  @Test
  void sizesTheFleetItself() throws Exception {
    JsonNode report = json("--devices", "auto").at("/reports/0");
    assertThat(report.at("/attainment").asDouble()).isGreaterThanOrEqualTo(0.99);
    assertThat(report.at("/replicas").asInt()).isBetween(1, 4);
  }

  @Test
  void comparesPolicies() {
    Result result = simulate("--devices", "2", "--compare", "--trace", "bursty");
    assertThat(result.out())
        .contains("baseline", "static batching", "whole prompts", "no prefix affinity")
        .contains("no prefix cache", "first come", "recompute");
  }

  @Test
  void batchesMakeRoomForRequestsThatSomebodyWaitsFor() throws Exception {
    JsonNode alone = json("--devices", "1", "--rate", "30").at("/reports/0");
    JsonNode flooded =
        json("--devices", "1", "--rate", "120", "--batch-percent", "75").at("/reports/0");
    assertThat(flooded.at("/ttft/p50").asDouble()).isLessThan(3 * alone.at("/ttft/p50").asDouble());
    assertThat(flooded.at("/outputTokensPerSecond").asDouble())
        .isGreaterThan(alone.at("/outputTokensPerSecond").asDouble());
  }

  @Test
  void writesAPageThatLoadsNothing(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("fleet.html");
    assertThat(simulate("--devices", "2", "--compare", "--html", file.toString()).exitCode())
        .isZero();
    String page = Files.readString(file);
    assertThat(page).doesNotContain("<script", "src=", "href=", "http", "NaN");
    Matcher plots = Pattern.compile("<svg.*?</svg>", Pattern.DOTALL).matcher(page);
    int count = 0;
    while (plots.find()) {
      DocumentBuilderFactory.newInstance()
          .newDocumentBuilder()
          .parse(new InputSource(new StringReader(plots.group())));
      count++;
    }
    assertThat(count).isEqualTo(5);
  }

  @Test
  void wrongArgumentsAreNamed() {
    assertRefused("preset", "--preset", "h900");
    assertRefused("--devices", "--devices", "many");
    assertRefused("devices", "--devices", "0");
    assertRefused("rate", "--rate", "-1");
    assertRefused("--duration", "--duration", "0");
    assertRefused("--trace", "--trace", "calm");
    assertRefused("--slo-ttft-ms", "--slo-ttft-ms", "0");
    assertRefused("--threads", "--threads", "0");
    assertRefused("faults", "--stalls-per-hour", "-1");
    assertRefused("--max-batch", "--max-batch", "1");
  }

  private static void assertRefused(String name, String... arguments) {
    Result result = simulate(arguments);
    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err()).contains(name);
  }

  private static JsonNode json(String... arguments) throws Exception {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.add("--json");
    return new ObjectMapper().readTree(simulate(all.toArray(String[]::new)).out());
  }

  private static Result simulate(String... arguments) {
    List<String> all = new ArrayList<>(List.of("--rate", "20", "--duration", "2", "--warmup", "1"));
    all.addAll(List.of(arguments));
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine commandLine = Main.commandLine(TimeSource.system());
    commandLine.setOverwrittenOptionsAllowed(true);
    commandLine.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    int exitCode = commandLine.execute(all.toArray(String[]::new));
    return new Result(exitCode, out.toString(), err.toString());
  }
}
