package io.parley.gateway.idempotency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;
import io.parley.embedded.SqliteDatabase;
import io.parley.gateway.Principal;
import io.parley.gateway.messages.Accepted;
import io.parley.gateway.messages.Conclusion;
import io.parley.gateway.messages.Conclusion.Outcome;
import io.parley.ports.data.Database;
import io.parley.ports.model.Share;
import io.parley.ports.model.Usage;
import io.parley.testkit.VirtualTime;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("NullAway.Init") // set by open
class ClaimsTest {
  private static final IdempotencyLimits LIMITS = new IdempotencyLimits(10_000, 300);
  private static final Principal ACME = principal("acme", Optional.empty());
  private static final IdempotencyKey KEY = key(ACME, "k");
  private static final StoredAnswer ANSWER =
      new StoredAnswer("msg_of_req_1", true, "a notice", 7, new byte[] {1, 2, 3});

  @TempDir private Path directory;
  private final VirtualTime time = new VirtualTime();
  private Database database;
  private Claims claims;

  @BeforeEach
  void open() {
    database = SqliteDatabase.open(directory.resolve("test.db"), 2);
    claims = new Claims(database, time, LIMITS);
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void theFirstRequestHasTheKeyAndTheOthersLearnWhoHasIt() {
    assertThat(claim("req_1")).isInstanceOf(Standing.Mine.class);
    assertThat(claim("req_2")).isEqualTo(new Standing.Running("req_1", "msg_of_req_1"));
    assertThat(new Claims(database, time, LIMITS).claim(KEY, "hash", "req_3", "msg_3"))
        .isEqualTo(new Standing.Running("req_1", "msg_of_req_1"));
  }

  @Test
  void ofManyAtOnceOneIsTheFirst() {
    List<CompletableFuture<Standing>> all =
        IntStream.range(0, 50)
            .mapToObj(i -> CompletableFuture.supplyAsync(() -> claim("req_" + i)))
            .toList();
    assertThat(all.stream().map(CompletableFuture::join))
        .filteredOn(Standing.Mine.class::isInstance)
        .hasSize(1);
  }

  @Test
  void theAnswerIsKeptUntilItExpires() {
    mine("req_1").keep(ANSWER);
    conclude("req_1", answered());
    assertThat(claim("req_2")).usingRecursiveComparison().isEqualTo(new Standing.Answered(ANSWER));
    time.advance(Duration.ofMillis(9_999));
    assertThat(claim("req_3")).isInstanceOf(Standing.Answered.class);
    time.advance(Duration.ofMillis(1));
    assertThat(claim("req_4")).isInstanceOf(Standing.Mine.class);
  }

  @Test
  void writingDownAgainChangesNothing() {
    mine("req_1").keep(ANSWER);
    conclude("req_1", answered());
    conclude("req_1", answered());
    assertThat(claim("req_2")).usingRecursiveComparison().isEqualTo(new Standing.Answered(ANSWER));
  }

  @Test
  void anotherBodyIsAConflict() {
    claim("req_1");
    assertThatThrownBy(() -> claims.claim(KEY, "other", "req_2", "msg_2"))
        .isInstanceOfSatisfying(
            ParleyException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFLICT))
        .hasMessageStartingWith("idempotency-key: ");
  }

  @Test
  void anAnswerThatWasTooLongIsNeitherGivenNorGeneratedAgain() {
    claim("req_1");
    conclude("req_1", answered());
    assertThatThrownBy(() -> claim("req_2"))
        .isInstanceOfSatisfying(
            ParleyException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFLICT))
        .hasMessageContaining("msg_of_req_1");
  }

  @Test
  void failedAndAbandonedRequestsFreeTheKey() {
    claim("req_1");
    conclude("req_1", new Outcome.Failed(ErrorCode.TIMEOUT));
    claim("req_2");
    conclude("req_2", new Outcome.Abandoned());
    claims.release(mine("req_3"));
    assertThat(claim("req_4")).isInstanceOf(Standing.Mine.class);
  }

  @Test
  void aServerThatIsAloneFreesWhatTheOneBeforeItHeldAndKeepsItsAnswers() {
    mine("req_1").keep(ANSWER);
    conclude("req_1", answered());
    IdempotencyKey held = key(ACME, "held");
    claims.claim(held, "hash", "req_2", "msg_2");
    Claims next = new Claims(database, time, LIMITS);
    next.freeAll();
    assertThat(next.claim(held, "hash", "req_3", "msg_3")).isInstanceOf(Standing.Mine.class);
    assertThat(next.claim(KEY, "hash", "req_4", "msg_4")).isInstanceOf(Standing.Answered.class);
  }

  @Test
  void anAnswerIsNotReleased() {
    Claim claim = mine("req_1");
    claim.keep(ANSWER);
    conclude("req_1", answered());
    claims.release(claim);
    assertThat(claim("req_2")).isInstanceOf(Standing.Answered.class);
  }

  @Test
  void aLeaseThatIsRenewedIsNotTakenOver() {
    claim("req_1");
    for (int i = 0; i < 20; i++) {
      time.advance(Duration.ofMillis(200));
      claims.upkeep();
    }
    assertThat(other().claim(KEY, "hash", "req_2", "msg_2")).isInstanceOf(Standing.Running.class);
  }

  @Test
  void theClaimOfADeadServerIsTakenOverAndItsAnswerComesTooLate() {
    Claim lost = mine("req_1");
    time.advance(Duration.ofMillis(300));
    assertThat(other().claim(KEY, "hash", "req_2", "msg_2")).isInstanceOf(Standing.Mine.class);
    lost.keep(ANSWER);
    assertThatThrownBy(() -> conclude("req_1", answered())).hasMessageContaining("was lost");
  }

  @Test
  void theAnswerAndWhatElseIsWrittenDownAreThereTogetherOrNotAtAll() {
    mine("req_1").keep(ANSWER);
    assertThatThrownBy(
            () ->
                database.write(
                    handle -> {
                      claims.write(handle, conclusion("req_1", answered()));
                      throw new IllegalStateException("no bill");
                    }))
        .hasMessage("no bill");
    assertThat(claim("req_2")).isInstanceOf(Standing.Running.class);
  }

  @Test
  void aKeyBelongsToAnOrganisationAndAWorkspace() {
    mine("req_1").keep(ANSWER);
    conclude("req_1", answered());
    Principal lab = principal("acme", Optional.of("lab"));
    Principal rival = principal("rival", Optional.empty());
    assertThat(claims.claim(key(lab, "k"), "hash", "req_2", "m2"))
        .isInstanceOf(Standing.Mine.class);
    assertThat(claims.claim(key(rival, "k"), "hash", "req_3", "m3"))
        .isInstanceOf(Standing.Mine.class);
    assertThat(claims.find(ACME, "msg_of_req_1")).isPresent();
    assertThat(claims.find(lab, "msg_of_req_1")).isEmpty();
    assertThat(claims.find(rival, "msg_of_req_1")).isEmpty();
  }

  @Test
  void whatHasExpiredIsSweptInSteps() {
    int rows = 2 * Claims.SWEEP_ROWS + 1;
    for (int i = 0; i < rows; i++) {
      claims.drop(
          ((Standing.Mine) claims.claim(key(ACME, "k" + i), "h", "r" + i, "m" + i)).claim());
    }
    time.advance(Duration.ofSeconds(10));
    claims.claim(KEY, "hash", "req_1", "msg_1");
    claims.upkeep();
    assertThat(
            database.<Integer, RuntimeException>read(
                handle ->
                    handle
                        .createQuery("SELECT count(*) FROM idempotency_keys")
                        .mapTo(Integer.class)
                        .one()))
        .isEqualTo(1);
  }

  private Claims other() {
    return new Claims(database, time, LIMITS);
  }

  private Standing claim(String requestId) {
    return claims.claim(KEY, "hash", requestId, "msg_of_" + requestId);
  }

  private Claim mine(String requestId) {
    return ((Standing.Mine) claim(requestId)).claim();
  }

  private void conclude(String requestId, Outcome outcome) {
    database.write(
        handle -> {
          claims.write(handle, conclusion(requestId, outcome));
          return true;
        });
  }

  private static Outcome answered() {
    return new Outcome.Answered("end_turn");
  }

  private static Conclusion conclusion(String requestId, Outcome outcome) {
    Accepted accepted =
        new Accepted(requestId, "msg", ACME, "model", Optional.empty(), Accepted.STANDARD, 0);
    return new Conclusion(accepted, outcome, new Usage(1, 1), 0, OptionalLong.empty(), 1);
  }

  private static IdempotencyKey key(Principal principal, String value) {
    return IdempotencyKey.of(principal, "idempotency-key", value);
  }

  private static Principal principal(String organisation, Optional<String> workspace) {
    return new Principal(organisation, workspace, "key_1", Set.of(), new Share(1, 1));
  }
}
