package io.parley.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.parley.common.TimeSource;
import io.parley.embedded.SqliteDatabase;
import io.parley.gateway.Principal;
import io.parley.gateway.administration.Administration;
import io.parley.gateway.administration.AdministrationLimits;
import io.parley.gateway.messages.Accepted;
import io.parley.gateway.messages.Conclusion;
import io.parley.gateway.usage.PriceFile;
import io.parley.gateway.usage.UsageLedger;
import io.parley.ports.data.Database;
import io.parley.ports.model.Share;
import io.parley.ports.model.Usage;
import io.parley.server.DataDirectory;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./parley usage} beside a server that has the directory. */
@SuppressWarnings("NullAway.Init") // set before each
class UsageCommandTest {
  @TempDir Path directory;
  private DataDirectory lock;
  private Database database;
  private String organisation;
  private StringWriter out = new StringWriter();
  private StringWriter err = new StringWriter();

  @BeforeEach
  void serve() {
    lock = DataDirectory.open(directory.resolve("data"));
    database = SqliteDatabase.open(lock.database(), 1);
    organisation =
        new Administration(
                database, TimeSource.system(), new SecureRandom(), AdministrationLimits.DEFAULTS)
            .bootstrap(key -> {})
            .orElseThrow()
            .organisationId();
    used("req_1", "parley-base", "2026-03-30T22:00:00Z", new Usage(1_000, 10, 0, 5));
    used("req_2", "parley-base", "2026-03-31T23:59:00Z", new Usage(2_000, 20));
    used("req_3", "parley-mini", "2026-04-01T00:00:00Z", new Usage(4_000, 40));
  }

  @AfterEach
  void stop() {
    database.close();
    lock.close();
  }

  private void used(String id, String model, String at, Usage usage) {
    Principal principal =
        new Principal(organisation, Optional.empty(), "key_1", Set.of(), Share.EQUAL);
    Accepted accepted =
        new Accepted(
            id,
            "msg",
            principal,
            model,
            Optional.empty(),
            Accepted.STANDARD,
            Instant.parse(at).toEpochMilli());
    Conclusion conclusion =
        new Conclusion(
            accepted,
            new Conclusion.Outcome.Answered("end_turn"),
            usage,
            0,
            OptionalLong.empty(),
            1);
    database.write(
        handle -> {
          new UsageLedger(PriceFile.shipped()).write(handle, conclusion);
          return true;
        });
  }

  private int parley(String... arguments) {
    out = new StringWriter();
    err = new StringWriter();
    List<String> all = new ArrayList<>(List.of("usage", "--data=" + directory.resolve("data")));
    all.addAll(List.of(arguments));
    return Main.commandLine(Map.of(), new PrintWriter(out), new PrintWriter(err))
        .execute(all.toArray(String[]::new));
  }

  @Test
  void usageIsToldByModel() {
    assertThat(parley("--from", "2026-03-01", "--to", "2026-05-01")).isEqualTo(ExitCode.OK);
    assertThat(out.toString().lines().map(line -> line.replaceAll(" +", " ")))
        .containsExactly(
            "MODEL REQUESTS INPUT CACHE WRITE CACHE READ OUTPUT COST CURRENCY",
            "parley-base 2 3000 0 5 30 0.00031205 USD",
            "parley-mini 1 4000 0 0 40 0.000416 USD");
  }

  @Test
  void aRangeBeginsAndEndsAtAnyHour() throws IOException {
    String[] hour = {"--from", "2026-03-31T23:00:00Z", "--to", "2026-04-01"};
    assertThat(parley(hour)).isEqualTo(ExitCode.OK);
    assertThat(out.toString()).contains("2000").doesNotContain("parley-mini");
    assertThat(parley("--from=2026-03-30", "--by=day", "--json")).isEqualTo(ExitCode.OK);
    JsonNode days = new ObjectMapper().readTree(out.toString()).get("data");
    assertThat(days.findValuesAsText("starting_at"))
        .containsExactly("2026-03-30T00:00:00Z", "2026-03-31T00:00:00Z", "2026-04-01T00:00:00Z");
    assertThat(days.findValuesAsText("uncached_input_tokens"))
        .containsExactly("1000", "2000", "4000");
    assertThat(days.findValuesAsText("amount")).containsExactly("0.010405", "0.0208", "0.0416");
  }

  @Test
  void whatMakesNoSenseIsToldInALine() {
    for (String[] wrong :
        List.of(
            new String[] {"--from=soon"},
            new String[] {"--to=2026-03-01T00:30:00Z"},
            new String[] {"--from=2026-03-02", "--to=2026-03-01"},
            new String[] {"--org=nobody"})) {
      assertThat(parley(wrong)).isEqualTo(ExitCode.CONFIG);
      assertThat(err.toString()).startsWith("parley: ").hasLineCount(1);
    }
    assertThat(parley("--by=phase")).isEqualTo(ExitCode.USAGE);
  }
}
