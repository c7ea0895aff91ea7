package io.parley.gateway.usage;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.common.ErrorCode;
import io.parley.embedded.SqliteDatabase;
import io.parley.gateway.Principal;
import io.parley.gateway.Scope;
import io.parley.gateway.messages.Accepted;
import io.parley.gateway.messages.CacheTtl;
import io.parley.gateway.messages.Conclusion;
import io.parley.gateway.messages.Conclusion.Outcome;
import io.parley.gateway.messages.SharedTransaction;
import io.parley.ports.data.Database;
import io.parley.ports.model.Share;
import io.parley.ports.model.Usage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jdbi.v3.core.HandleCallback;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Billed once whatever happens, and reports that are the sums of the events. */
@SuppressWarnings("NullAway.Init") // set before each
class UsageLedgerTest {
  private static final Instant START = Instant.parse("2026-10-31T22:58:00Z");
  private static final PriceTable PRICES = PriceFile.shipped();

  @TempDir Path directory;
  private Database database;

  @BeforeEach
  void open() {
    database = SqliteDatabase.open(directory.resolve("usage.db"), 1);
  }

  @AfterEach
  void close() {
    database.close();
  }

  private static Conclusion conclusion(
      String id, String organisation, Outcome outcome, Usage used) {
    Principal principal =
        new Principal(
            organisation, Optional.of("wrkspc_1"), "key_1", Set.of(Scope.MESSAGES), Share.EQUAL);
    Accepted accepted =
        new Accepted(
            id,
            "msg_" + id,
            principal,
            "parley-base",
            Optional.of("somebody"),
            Accepted.STANDARD,
            START.toEpochMilli(),
            CacheTtl.ONE_HOUR);
    return new Conclusion(accepted, outcome, used, 7, OptionalLong.of(11), 90_000);
  }

  private static void write(Database database, Conclusion conclusion) {
    database.write(
        handle -> {
          new UsageLedger(PRICES).write(handle, conclusion);
          return true;
        });
  }

  @Test
  void anEventSaysWhatARequestTookAndWhatItCost() {
    write(
        database,
        conclusion(
            "req_1", "org_1", new Outcome.Answered("end_turn"), new Usage(1_000, 20, 300, 4_000)));
    Map<String, Object> event = events(database).getFirst();
    assertThat(event)
        .containsEntry("request_id", "req_1")
        .containsEntry("message_id", "msg_req_1")
        .containsEntry("organisation_id", "org_1")
        .containsEntry("workspace_id", "wrkspc_1")
        .containsEntry("api_key_id", "key_1")
        .containsEntry("end_user", "somebody")
        .containsEntry("outcome", "answered")
        .containsEntry("reason", "end_turn")
        .containsEntry("context_window", "0-200k")
        .containsEntry("currency", "USD");
    assertThat(numbers(event))
        .containsEntry("ended_at_ms", START.toEpochMilli() + 90_000)
        .containsEntry("queue_ms", 7L)
        .containsEntry("ttft_ms", 11L)
        .containsEntry("input_tokens", 1_000L)
        .containsEntry("cache_write_5m_tokens", 0L)
        .containsEntry("cache_write_1h_tokens", 300L)
        .containsEntry("cache_read_tokens", 4_000L)
        .containsEntry("output_tokens", 20L)
        .containsEntry("input_nanos", 100_000L)
        .containsEntry("cache_write_1h_nanos", 60_000L)
        .containsEntry("cache_read_nanos", 40_000L)
        .containsEntry("output_nanos", 8_000L);
  }

  @Test
  void whatFailedIsWrittenDownAndCostsNothing() {
    write(
        database,
        conclusion("req_1", "org_1", new Outcome.Failed(ErrorCode.TIMEOUT), new Usage(9, 5)));
    write(database, conclusion("req_2", "org_1", new Outcome.Abandoned(), new Usage(9, 5)));
    Map<String, Object> failed = events(database).getFirst();
    assertThat(failed).containsEntry("outcome", "failed").containsEntry("reason", "timeout_error");
    assertThat(numbers(failed))
        .containsEntry("output_tokens", 5L)
        .containsEntry("output_nanos", 0L);
    Map<String, Object> abandoned = events(database).getLast();
    assertThat(abandoned).containsEntry("outcome", "abandoned").containsEntry("reason", null);
    assertThat(numbers(abandoned)).containsEntry("output_nanos", 2_000L);
  }

  @Test
  void spendCountsTheMonthInWhichRequestsEnd() {
    Outcome answered = new Outcome.Answered("end_turn");
    write(database, conclusion("req_1", "org_1", answered, new Usage(10_000, 0)));
    write(database, conclusion("req_2", "org_2", answered, new Usage(70_000, 0)));
    RecordedSpend spend = new RecordedSpend(database, PRICES.currency(), Posting.IMMEDIATE);
    YearMonth month = YearMonth.from(START.atOffset(ZoneOffset.UTC));
    assertThat(spend.micros("org_1", month)).isEqualTo(1_000);
    assertThat(spend.micros("org_1", month.plusMonths(1))).isZero();
    assertThat(spend.micros("org_3", month)).isZero();
  }

  @Test
  void aPromptAbove200000TokensIsInTheOtherContextWindow() {
    Outcome answered = new Outcome.Answered("end_turn");
    write(database, conclusion("req_1", "org_1", answered, new Usage(200_000, 9, 0, 0)));
    write(database, conclusion("req_2", "org_1", answered, new Usage(100_000, 9, 50_000, 50_001)));
    assertThat(events(database))
        .extracting(event -> event.get("context_window"))
        .containsExactly("0-200k", "200k-1M");
  }

  /** What happens around a write, and whether the client then sees the end of its answer. */
  enum Fate {
    WRITTEN,
    WRITTEN_TWICE,
    KILLED_BEFORE_COMMIT,
    KILLED_AFTER_COMMIT,
    KILLED_AFTER_COMMIT_AND_REPEATED,
  }

  @Property(tries = 25)
  void everyAnswerThatAClientSawTheEndOfIsBilledOnceWhereverTheProcessDies(@ForAll long seed)
      throws IOException {
    Path file = Files.createTempDirectory("usage").resolve("usage.db");
    Random random = new Random(seed);
    Map<String, Conclusion> seen = new HashMap<>();
    Map<String, Conclusion> all = new HashMap<>();
    Database process = SqliteDatabase.open(file, 1);
    for (int i = 0; i < 40; i++) {
      Conclusion conclusion = random(random, "req_" + i);
      all.put("req_" + i, conclusion);
      Fate fate = Fate.values()[random.nextInt(Fate.values().length)];
      if (runs(process, conclusion, fate)) {
        seen.put("req_" + i, conclusion);
      }
      if (fate.name().startsWith("KILLED") && random.nextInt(4) == 0) {
        process.close();
        process = SqliteDatabase.open(file, 1);
      }
      if (fate == Fate.KILLED_AFTER_COMMIT_AND_REPEATED) {
        write(process, conclusion);
      }
    }
    checkBooks(process, seen, all);
    process.close();
  }

  private static boolean runs(Database process, Conclusion conclusion, Fate fate) {
    boolean[] ended = {false};
    Database faulty =
        switch (fate) {
          case WRITTEN, WRITTEN_TWICE -> process;
          case KILLED_BEFORE_COMMIT -> new DyingDatabase(process, false);
          default -> new DyingDatabase(process, true);
        };
    SharedTransaction accounts =
        new SharedTransaction(faulty, Runnable::run, List.of(new UsageLedger(PRICES)));
    accounts.conclude(conclusion, written -> ended[0] = written);
    if (fate == Fate.WRITTEN_TWICE) {
      accounts.conclude(conclusion, written -> ended[0] = written);
    }
    return ended[0];
  }

  /** Loses the process, so to speak, on one side of the commit or the other. */
  private record DyingDatabase(Database database, boolean afterwards) implements Database {
    @Override
    public <T, X extends Exception> T read(HandleCallback<T, X> work) throws X {
      return database.read(work);
    }

    @Override
    public <T, X extends Exception> T write(HandleCallback<T, X> work) throws X {
      database.write(
          handle -> {
            T result = work.withHandle(handle);
            if (!afterwards) {
              throw new IllegalStateException("died before the commit");
            }
            return result;
          });
      throw new IllegalStateException("died after the commit");
    }

    @Override
    public void close() {}
  }

  private static Conclusion random(Random random, String id) {
    Principal principal =
        new Principal(
            "org_" + random.nextInt(2),
            random.nextBoolean() ? Optional.empty() : Optional.of("wrkspc_" + random.nextInt(2)),
            "key_" + random.nextInt(3),
            Set.of(Scope.MESSAGES),
            Share.EQUAL);
    Accepted accepted =
        new Accepted(
            id,
            "msg_" + id,
            principal,
            "model-" + random.nextInt(2),
            Optional.empty(),
            random.nextBoolean() ? Accepted.STANDARD : Accepted.BATCH,
            START.toEpochMilli() + random.nextInt(10_000_000),
            random.nextBoolean() ? CacheTtl.ONE_HOUR : CacheTtl.FIVE_MINUTES);
    Usage usage =
        new Usage(
            random.nextInt(150_000),
            random.nextInt(999),
            random.nextInt(99),
            random.nextInt(70_000));
    Outcome outcome =
        switch (random.nextInt(3)) {
          case 0 -> new Outcome.Failed(ErrorCode.API);
          case 1 -> new Outcome.Abandoned();
          default -> new Outcome.Answered("end_turn");
        };
    return new Conclusion(accepted, outcome, usage, 1, OptionalLong.empty(), random.nextInt(9_999));
  }

  private static void checkBooks(
      Database process, Map<String, Conclusion> seen, Map<String, Conclusion> all) {
    List<Conclusion> billed =
        events(process).stream().map(event -> all.get((String) event.get("request_id"))).toList();
    assertThat(billed).doesNotHaveDuplicates().containsAll(seen.values());
    UsageReports reports = new UsageReports(process);
    for (String organisation : List.of("org_0", "org_1")) {
      for (BucketWidth width : BucketWidth.values()) {
        Set<Dimension> by = EnumSet.allOf(Dimension.class);
        Instant from = BucketWidth.DAY.floor(START);
        UsageQuery query = UsageQuery.of(from, from.plusSeconds(3 * 86_400), width, by);
        assertThat(lines(reports.byBucket(organisation, query)))
            .isEqualTo(expected(billed, organisation, width));
        assertThat(total(reports.overall(organisation, query)))
            .isEqualTo(total(reports.byBucket(organisation, query)));
      }
    }
  }

  private record Line(String group, long requests, ByKind tokens, ByKind nanos) {
    Line plus(Line other) {
      return new Line(
          group, requests + other.requests, tokens.plus(other.tokens), nanos.plus(other.nanos));
    }
  }

  private static Map<String, Line> lines(List<UsageSum> sums) {
    return sums.stream()
        .map(
            sum ->
                new Line(
                    sum.bucket() + group(sum.group()), sum.requests(), sum.tokens(), sum.nanos()))
        .collect(Collectors.toMap(Line::group, line -> line));
  }

  private static String group(Map<Dimension, String> group) {
    List<String> values = new ArrayList<>();
    for (Dimension dimension : Dimension.values()) {
      values.add(group.getOrDefault(dimension, ""));
    }
    return values.toString();
  }

  private static Map<String, Line> expected(
      List<Conclusion> billed, String organisation, BucketWidth width) {
    Map<String, Line> lines = new HashMap<>();
    for (Conclusion conclusion : billed) {
      UsageEvent event = UsageEvent.of(conclusion, PRICES);
      UsageEvent.Origin origin = event.origin();
      if (origin.organisationId().equals(organisation)) {
        Map<Dimension, String> group =
            Map.of(
                Dimension.API_KEY, origin.apiKeyId(),
                Dimension.WORKSPACE, origin.workspaceId(),
                Dimension.MODEL, origin.modelId(),
                Dimension.SERVICE_TIER, origin.serviceTier(),
                Dimension.CONTEXT_WINDOW, event.contextWindow().wireName());
        String name = width.floor(event.endedAt()) + group(group);
        lines.merge(name, new Line(name, 1, event.tokens(), event.nanos()), Line::plus);
      }
    }
    return lines;
  }

  private static ByKind total(List<UsageSum> sums) {
    return sums.stream().map(UsageSum::nanos).reduce(ByKind.ZERO, ByKind::plus);
  }

  private static List<Map<String, Object>> events(Database database) {
    return database.read(
        handle ->
            handle.createQuery("SELECT * FROM usage_events ORDER BY request_id").mapToMap().list());
  }

  private static Map<String, Long> numbers(Map<String, Object> row) {
    return row.entrySet().stream()
        .filter(entry -> entry.getValue() instanceof Number)
        .collect(
            Collectors.toMap(Map.Entry::getKey, entry -> ((Number) entry.getValue()).longValue()));
  }
}
