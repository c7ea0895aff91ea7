package io.parley.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.parley.common.TimeSource;
import io.parley.embedded.SqliteDatabase;
import io.parley.gateway.administration.Administration;
import io.parley.gateway.administration.AdministrationLimits;
import io.parley.gateway.identity.KeyAuthenticator;
import io.parley.ports.data.Database;
import io.parley.ports.model.Share;
import io.parley.server.DataDirectory;
import io.parley.testkit.VirtualTime;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./parley keys} and {@code ./parley orgs} beside a server that has the directory. */
class AdministrationCommandsTest {
  @TempDir Path directory;
  private final VirtualTime time = new VirtualTime();
  private DataDirectory lock;
  private Database database;
  private KeyAuthenticator server;
  private StringWriter out = new StringWriter();
  private StringWriter err = new StringWriter();

  @BeforeEach
  void serve() {
    lock = DataDirectory.open(directory.resolve("data"));
    database = SqliteDatabase.open(lock.database(), 1);
    new Administration(
            database, TimeSource.system(), new SecureRandom(), AdministrationLimits.DEFAULTS)
        .bootstrap(key -> {});
    server = new KeyAuthenticator(database, time, task -> {});
  }

  @AfterEach
  void stop() {
    database.close();
    lock.close();
  }

  private int parley(String... arguments) {
    out = new StringWriter();
    err = new StringWriter();
    List<String> all = new ArrayList<>(List.of(arguments));
    all.add("--data=" + directory.resolve("data"));
    return Main.commandLine(Map.of(), new PrintWriter(out), new PrintWriter(err))
        .execute(all.toArray(String[]::new));
  }

  private JsonNode json(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.add("--json");
    assertThat(parley(all.toArray(String[]::new))).as(err.toString()).isEqualTo(ExitCode.OK);
    try {
      return new ObjectMapper().readTree(out.toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aKeyIsMadeUsedAndTakenBackWhileTheServerRuns() {
    JsonNode made = json("keys", "create", "build", "--scope", "models", "--expires", "30d");
    String secret = made.get("key").asText();
    assertThat(server.authenticate(secret)).isPresent();
    assertThat(parley("keys", "list")).isEqualTo(ExitCode.OK);
    assertThat(out.toString())
        .contains(made.get("id").asText(), "build", "active", secret.substring(0, 14))
        .doesNotContain(secret);
    assertThat(parley("keys", "revoke", made.get("id").asText())).isEqualTo(ExitCode.OK);
    assertThat(out.toString()).contains("'build' is archived");
    time.advance(Duration.ofSeconds(1));
    assertThat(server.authenticate(secret)).isEmpty();
  }

  @Test
  void anAdminKeyIsMadeAndShownOnce() {
    assertThat(parley("keys", "create", "boss", "--admin")).isEqualTo(ExitCode.OK);
    assertThat(out.toString()).containsPattern("\n  sk-parley-admin-[0-9A-Za-z]{43}\n");
    assertThat(parley("keys", "list")).isEqualTo(ExitCode.OK);
    assertThat(out.toString()).contains("adminkey_", "admin:read,admin:write");
  }

  @Test
  void anOrganisationGetsATierThatItsKeysFollow() {
    assertThat(parley("orgs", "tiers", "set", "gold", "--weight", "2.5", "--max-running", "3"))
        .isEqualTo(ExitCode.OK);
    String id = json("orgs", "create", "Acme", "--tier", "gold").get("id").asText();
    String secret = json("keys", "create", "k", "--org", "Acme").get("key").asText();
    assertThat(server.authenticate(secret).orElseThrow().share()).isEqualTo(new Share(2.5, 3));
    assertThat(parley("orgs", "update", id, "--tier", "trial")).isEqualTo(ExitCode.OK);
    time.advance(Duration.ofSeconds(1));
    assertThat(server.authenticate(secret).orElseThrow().share()).isEqualTo(new Share(0.25, 2));
    assertThat(json("orgs", "list").get("data").findValuesAsText("name"))
        .containsExactly("Acme", "default");
  }

  @Test
  void tiersKeepWhatIsNotNamed() {
    json("orgs", "tiers", "set", "trial", "--requests", "none", "--model", "*");
    JsonNode trial = json("orgs", "tiers", "set", "trial", "--max-running", "none");
    assertThat(trial.get("weight").asDouble()).isEqualTo(0.25);
    assertThat(trial.get("max_running").isNull()).isTrue();
    assertThat(trial.at("/limits/0/requests_per_minute").isNull()).isTrue();
    assertThat(trial.at("/limits/0/input_tokens_per_minute").asLong()).isEqualTo(20_000);
    assertThat(trial.get("monthly_budget_micros").asLong()).isEqualTo(5_000_000);
    assertThat(parley("orgs", "tiers", "list")).isEqualTo(ExitCode.OK);
    assertThat(out.toString()).contains("priority", "standard", "trial", "unlimited", "20000 in");
  }

  @Test
  void aTierGetsABudgetOrNone() {
    JsonNode rich = json("orgs", "tiers", "set", "trial", "--budget", "25.50");
    assertThat(rich.get("monthly_budget_micros").asLong()).isEqualTo(25_500_000);
    JsonNode free = json("orgs", "tiers", "set", "trial", "--budget", "none");
    assertThat(free.get("monthly_budget_micros").isNull()).isTrue();
    JsonNode nothing = json("orgs", "tiers", "set", "trial", "--budget", "0");
    assertThat(nothing.get("monthly_budget_micros").asLong(-1)).isZero();
  }

  @Test
  void peopleAndWorkspacesAreKept() {
    String user = json("orgs", "members", "add", "ada@x", "--name", "Ada").get("id").asText();
    assertThat(parley("orgs", "members", "update", user, "--role", "admin")).isEqualTo(ExitCode.OK);
    assertThat(parley("orgs", "members", "list")).isEqualTo(ExitCode.OK);
    assertThat(out.toString()).contains("ada@x", "admin");
    assertThat(parley("orgs", "members", "remove", user)).isEqualTo(ExitCode.OK);
    String lab = json("orgs", "workspaces", "create", "lab").get("id").asText();
    json("keys", "create", "k", "--workspace", lab);
    assertThat(parley("orgs", "workspaces", "archive", lab)).isEqualTo(ExitCode.OK);
    assertThat(parley("orgs", "workspaces", "list")).isEqualTo(ExitCode.OK);
    assertThat(out.toString()).contains(lab, "lab");
    assertThat(json("orgs", "changes").get("data").findValuesAsText("action"))
        .contains("workspace.archive", "user.add", "api_key.create", "organization.create");
  }

  @Test
  void whatIsDoneWithPersonalDataIsShownAndChosen() {
    assertThat(parley("orgs", "privacy")).isEqualTo(ExitCode.OK);
    assertThat(out.toString()).contains("KIND    PROMPTS  ANSWERS", "secret  detect   refuse");
    JsonNode chosen = json("orgs", "privacy", "default", "--prompts", "email=mask,card=refuse");
    assertThat(chosen.at("/prompts/email").asText()).isEqualTo("mask");
    assertThat(chosen.at("/prompts/phone").asText()).isEqualTo("detect");
    assertThat(chosen.at("/answers/secret").asText()).isEqualTo("refuse");
    assertThat(json("orgs", "privacy", "--answers", "iban=off").at("/prompts/card").asText())
        .isEqualTo("refuse");
    assertThat(json("orgs", "changes").get("data").findValuesAsText("detail"))
        .contains("prompts email=mask,card=refuse; answers unchanged");
    assertTold("--prompts: there is no kind 'name'", "orgs", "privacy", "--prompts", "name=mask");
    assertTold("there is no action 'hide'", "orgs", "privacy", "--answers", "card=hide");
  }

  @Test
  void whatIsWrongIsToldInALine() {
    assertTold("no key 'key_none'", "keys", "revoke", "key_none");
    assertTold("no key 'nonsense'", "keys", "update", "nonsense", "--status", "active");
    assertTold("no organisation 'nobody'", "keys", "list", "--org", "nobody");
    assertTold("--scope: there is no 'all'", "keys", "create", "k", "--scope", "all");
    assertTold("scopes: must be", "keys", "create", "k", "--scope", "admin:read");
    assertTold("--expires: must be such as", "keys", "create", "k", "--expires", "soon");
    assertTold("there is no tier 'gold'", "orgs", "create", "x", "--tier", "gold");
    assertTold("--weight: must have", "orgs", "tiers", "set", "t", "--weight", "0.0001");
    assertTold("--budget: must be", "orgs", "tiers", "set", "t", "--budget", "-1");
    assertTold("--role: must be", "orgs", "members", "add", "a@x", "--name=A", "--role=king");
    json("orgs", "create", "second");
    assertTold("name one by its id: ", "keys", "list");
  }

  private void assertTold(String message, String... arguments) {
    assertThat(parley(arguments)).isEqualTo(ExitCode.CONFIG);
    assertThat(err.toString()).startsWith("parley: ").contains(message).hasLineCount(1);
  }

  @Test
  void aCommandThatIsNoneIsRefusedWithTheNearestName() {
    assertThat(parley("keys", "crate")).isEqualTo(ExitCode.USAGE);
    assertThat(err.toString()).contains("'crate'", "did you mean 'create'?");
    assertThat(parley("keys")).isEqualTo(ExitCode.USAGE);
    assertThat(parley("orgs", "members")).isEqualTo(ExitCode.USAGE);
  }

  @Test
  void aDirectoryWithoutADatabaseIsNotMadeIntoOne() {
    Path empty = directory.resolve("empty");
    int code =
        Main.commandLine(Map.of(), new PrintWriter(out), new PrintWriter(err))
            .execute("keys", "list", "--data", empty.toString());
    assertThat(code).isEqualTo(ExitCode.CONFIG);
    assertThat(err.toString()).contains("there is no database in " + empty, "./parley serve");
    assertThat(empty).doesNotExist();
  }

  @Test
  void aTimeToExpireIsASpanOrAPoint() {
    Instant now = Instant.parse("2026-01-01T00:00:00Z");
    assertThat(Expiry.parse("12h", now)).isEqualTo("2026-01-01T12:00:00Z");
    assertThat(Expiry.parse("30d", now)).isEqualTo("2026-01-31T00:00:00Z");
    assertThat(Expiry.parse("2027-01-31T00:00:00+01:00", now)).isEqualTo("2027-01-30T23:00:00Z");
  }
}
