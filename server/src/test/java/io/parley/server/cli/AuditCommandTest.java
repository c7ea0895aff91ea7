package io.parley.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.safety.audit.AuditEntry;
import io.parley.safety.audit.AuditKeys;
import io.parley.safety.audit.AuditLimits;
import io.parley.safety.audit.FileAuditLog;
import io.parley.testkit.VirtualTime;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./parley audit} on the log of a server. */
class AuditCommandTest {
  @TempDir Path data;
  private final VirtualTime time = new VirtualTime();
  private final SecureRandom random = new SecureRandom();
  private StringWriter out = new StringWriter();
  private StringWriter err = new StringWriter();

  @BeforeEach
  void decide() {
    decide("req_1", "");
    decide("req_2", "weapons");
  }

  @Test
  void aSoundLogIsSaidToBeSound() {
    assertThat(parley("verify")).as(err.toString()).isEqualTo(ExitCode.OK);
    assertThat(out.toString()).contains("sound: 2 entries, number 1 to 2");
  }

  @Test
  void aChangeIsSaidAndShowsInTheExitCode() throws IOException {
    try (Stream<Path> files = Files.list(data.resolve("audit"))) {
      Path first =
          files.filter(file -> file.toString().endsWith(".audit")).sorted().toList().getFirst();
      byte[] bytes = Files.readAllBytes(first);
      bytes[bytes.length - 1] ^= 1;
      Files.write(first, bytes);
    }
    assertThat(parley("verify")).isEqualTo(ExitCode.NOT_SOUND);
    assertThat(out.toString()).contains("WRONG", "entry 1 is not what was written", "NOT SOUND");
    assertThat(parley("head")).isEqualTo(ExitCode.UNAVAILABLE);
  }

  @Test
  void entriesAreListedWithoutAnyText() {
    assertThat(parley("list")).isEqualTo(ExitCode.OK);
    assertThat(out.toString()).contains("req_1", "allowed", "req_2", "refused: weapons", "org_1");
    assertThat(parley("list", "--refused")).isEqualTo(ExitCode.OK);
    assertThat(out.toString()).contains("req_2").doesNotContain("req_1");
    parley("list", "--request", "req_1");
    assertThat(out.toString()).contains("req_1").doesNotContain("req_2");
  }

  @Test
  void aNotedPlaceIsLookedForAgain() {
    parley("head");
    String noted = out.toString().strip();
    decide("req_3", "");
    assertThat(parley("verify", "--noted", noted)).isEqualTo(ExitCode.OK);
    String elsewhere = "2:" + "00".repeat(32);
    assertThat(parley("verify", "--noted", elsewhere)).isEqualTo(ExitCode.NOT_SOUND);
    assertThat(parley("verify", "--noted", "soon")).isEqualTo(ExitCode.CONFIG);
    assertThat(err.toString()).contains("--noted: must be NUMBER:HASH");
  }

  @Test
  void aNewKeyIsUsedFromTheNextStartOn() {
    assertThat(parley("rotate")).isEqualTo(ExitCode.OK);
    assertThat(out.toString()).contains("it has 2 now");
    decide("req_3", "");
    assertThat(parley("verify")).isEqualTo(ExitCode.OK);
  }

  @Test
  void withoutALogOrItsKeysItSaysWhatIsMissing() throws IOException {
    assertThat(parley("verify", "--data", data.resolve("none").toString()))
        .isEqualTo(ExitCode.CONFIG);
    assertThat(err.toString()).contains("there is no audit log in");
    Files.delete(data.resolve("audit-keys"));
    assertThat(parley("verify")).isEqualTo(ExitCode.CONFIG);
    assertThat(err.toString()).contains("audit-keys", "cannot be read");
    assertThat(data.resolve("audit-keys")).doesNotExist();
  }

  private void decide(String request, String category) {
    AuditKeys keys = AuditKeys.ofFileOrNew(data.resolve("audit-keys"), random);
    Path directory = data.resolve("audit");
    try (FileAuditLog log =
        FileAuditLog.open(directory, keys, AuditLimits.DEFAULTS, time, random)) {
      log.append(
              new AuditEntry.Decision(
                  time.now(), request, "org_1", "parley", "input", category, "7", new TreeMap<>()))
          .join();
    }
  }

  private int parley(String... arguments) {
    out = new StringWriter();
    err = new StringWriter();
    List<String> all = new ArrayList<>(List.of("audit"));
    all.addAll(List.of(arguments));
    if (!all.contains("--data")) {
      all.add("--data=" + data);
    }
    return Main.commandLine(Map.of(), new PrintWriter(out), new PrintWriter(err))
        .execute(all.toArray(String[]::new));
  }
}
