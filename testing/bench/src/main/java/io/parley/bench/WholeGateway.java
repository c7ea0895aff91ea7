package io.parley.bench;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.parley.common.TimeSource;
import io.parley.common.Ulid;
import io.parley.embedded.InProcessEphemeralStore;
import io.parley.embedded.SqliteDatabase;
import io.parley.gateway.GatewayLimits;
import io.parley.gateway.administration.Actor;
import io.parley.gateway.administration.Administration;
import io.parley.gateway.administration.AdministrationLimits;
import io.parley.gateway.administration.Administrator;
import io.parley.gateway.administration.KeySpec;
import io.parley.gateway.administration.Tier;
import io.parley.gateway.administration.TierLimits;
import io.parley.gateway.circuit.Circuits;
import io.parley.gateway.http.Gateway;
import io.parley.gateway.http.GatewayConfig;
import io.parley.gateway.http.GatewayParts;
import io.parley.gateway.idempotency.Claims;
import io.parley.gateway.idempotency.IdempotencyLimits;
import io.parley.gateway.identity.KeyAuthenticator;
import io.parley.gateway.identity.KeyKind;
import io.parley.gateway.inprocess.InProcessMessages;
import io.parley.gateway.limits.Limiter;
import io.parley.gateway.limits.TierTerms;
import io.parley.gateway.observation.Observation;
import io.parley.gateway.observation.Timeline;
import io.parley.gateway.privacy.StoredPolicies;
import io.parley.gateway.usage.PriceFile;
import io.parley.gateway.usage.PriceTable;
import io.parley.gateway.usage.RecordedSpend;
import io.parley.gateway.usage.journal.JournalLimits;
import io.parley.gateway.usage.journal.JournaledAccounts;
import io.parley.gateway.usage.journal.UsageJournal;
import io.parley.safety.Auditor;
import io.parley.safety.GateLimits;
import io.parley.safety.InputGuard;
import io.parley.safety.OutputGuard;
import io.parley.safety.audit.AuditKeys;
import io.parley.safety.audit.AuditLimits;
import io.parley.safety.audit.FileAuditLog;
import io.parley.safety.pii.PiiGate;
import io.parley.safety.pii.PiiListener;
import io.parley.safety.rules.RuleSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A gateway with everything on: keys in SQL, limits and a budget that are never reached, both gates
 * with their search for personal data, metering, idempotency and the audit log, in a directory of
 * its own that goes with it. Only the model is played.
 */
final class WholeGateway implements AutoCloseable {
  private static final OptionalLong PLENTY = OptionalLong.of(100_000_000);

  /** A million dollars: an hour of small requests takes two hundred. */
  private static final OptionalLong BUDGET_MICROS = OptionalLong.of(1_000_000_000_000L);

  private static final int STORED_VALUES = 10_000;
  private static final int LATEST = 500;

  /** So many that none of them has more requests under way than an organisation may have. */
  private static final int TENANTS = 4;

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final ScheduledExecutorService ledger =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("ledger").daemon().factory());
  private final SecureRandom random = new SecureRandom();
  private final TimeSource time;
  private final Path directory;
  private final SqliteDatabase database;
  private final FileAuditLog audit;
  private final UsageJournal journal;
  private final PacedModelPool models;
  private final List<String> keys;
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final Observation observation;
  private final Optional<InProcessMessages> services;
  private final Optional<WholeChat> chat;
  private final Gateway gateway;

  /**
   * @param answerTokens of an answer of chat; 0 for no chat
   */
  private WholeGateway(long tickMs, int answerTokens, GateLimits gates, TimeSource time)
      throws IOException {
    this.time = time;
    observation = Observation.of(meters, time);
    directory = Files.createTempDirectory("parley-bench");
    database = SqliteDatabase.open(directory.resolve("bench.db"), 2);
    AuditKeys auditKeys = AuditKeys.ofFileOrNew(directory.resolve("keys"), random);
    audit =
        FileAuditLog.open(
            directory.resolve("audit"), auditKeys, AuditLimits.DEFAULTS, time, random, ledger);
    journal =
        UsageJournal.open(
            directory.resolve("journal"), database, JournalLimits.DEFAULTS, random, ledger);
    models = new PacedModelPool(tickMs, time);
    keys = tenants();
    services = answerTokens == 0 ? Optional.empty() : Optional.of(services());
    chat = services.map(messages -> chat(messages, answerTokens));
    gateway =
        Gateway.start(
            new GatewayConfig("127.0.0.1", 0, 0, false, GatewayLimits.DEFAULTS), parts(gates));
  }

  /**
   * Starts one.
   *
   * @param tickMs milliseconds between two tokens; 0 for an answer at once
   */
  static WholeGateway start(long tickMs, GateLimits gates, TimeSource time) throws IOException {
    return new WholeGateway(tickMs, 0, gates, time);
  }

  /**
   * Starts one with chat on it.
   *
   * @param answerTokens of each answer of chat
   */
  static WholeGateway startWithChat(
      long tickMs, int answerTokens, GateLimits gates, TimeSource time) throws IOException {
    return new WholeGateway(tickMs, answerTokens, gates, time);
  }

  private InProcessMessages services() {
    return new InProcessMessages(database, time, new Ulid(time, random), threads, "chat");
  }

  private WholeChat chat(InProcessMessages messages, int answerTokens) {
    return new WholeChat(
        new WholeChat.Outside(
            database,
            directory,
            messages,
            models,
            firstOrganisation(),
            answerTokens,
            time,
            random,
            threads));
  }

  private String firstOrganisation() {
    return database.<String, RuntimeException>read(
        handle ->
            handle
                .createQuery("SELECT id FROM organisations ORDER BY id LIMIT 1")
                .mapTo(String.class)
                .one());
  }

  /** Chat, which it was started with. */
  WholeChat chat() {
    return chat.orElseThrow();
  }

  int port() {
    return gateway.port();
  }

  /** The key of a tenant with limits and a budget. */
  String key() {
    return keys.getFirst();
  }

  /** The keys of all tenants. */
  List<String> keys() {
    return keys;
  }

  /** Requests that are billed. */
  long billed() {
    journal.await();
    return database.<Long, RuntimeException>read(
        handle -> handle.createQuery("SELECT count(*) FROM usage_events").mapTo(Long.class).one());
  }

  /** What each stage took of the last requests, in microseconds, half of them less: in order. */
  Map<String, Double> stageMicros() {
    Map<String, List<Long>> nanos = new LinkedHashMap<>();
    for (Timeline request : observation.recent().latest(LATEST)) {
      for (Timeline.Passed passed : request.stages()) {
        nanos
            .computeIfAbsent(passed.stage().wireName(), stage -> new ArrayList<>())
            .add(passed.endNanos() - passed.startNanos());
      }
    }
    Map<String, Double> medians = new LinkedHashMap<>();
    nanos.forEach(
        (stage, each) ->
            medians.put(stage, each.stream().sorted().toList().get(each.size() / 2) / 1e3));
    return medians;
  }

  /** How large its files are. */
  record Sizes(long databaseBytes, long journalBytes, long auditBytes) {}

  Sizes files() throws IOException {
    long journalBytes = ProcessFigures.bytesBelow(directory.resolve("journal"));
    long auditBytes = ProcessFigures.bytesBelow(directory.resolve("audit"));
    return new Sizes(
        ProcessFigures.bytesBelow(directory) - journalBytes - auditBytes, journalBytes, auditBytes);
  }

  private List<String> tenants() {
    Administration administration =
        new Administration(database, time, random, AdministrationLimits.DEFAULTS);
    TierLimits limits = new TierLimits(TierLimits.EVERY_MODEL, PLENTY, PLENTY, PLENTY, PLENTY);
    administration
        .tiers()
        .put(
            Actor.SERVER,
            new Tier("bench", 1_000, OptionalLong.empty(), BUDGET_MICROS, List.of(limits)));
    return IntStream.range(0, TENANTS).mapToObj(i -> tenant(administration, i)).toList();
  }

  private static String tenant(Administration administration, int number) {
    String id =
        administration.organisations().create(Actor.SERVER, "bench-" + number, "bench").id();
    return administration
        .apiKeys()
        .create(new Administrator(Actor.SERVER, id), KeySpec.of(KeyKind.API, "bench"))
        .secret();
  }

  private GatewayParts parts(GateLimits gates) {
    RuleSet rules = RuleSet.shipped();
    PiiGate pii = new PiiGate(new StoredPolicies(database, time), PiiListener.NONE);
    Auditor auditor = new Auditor(audit, rules.version(), time);
    PriceTable prices = PriceFile.shipped();
    Claims claims = new Claims(database, time, IdempotencyLimits.DEFAULTS);
    return new GatewayParts(
        models,
        new KeyAuthenticator(database, time, threads),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        new Circuits(models, Map.of(), meters, time),
        new InputGuard(rules.inputGate().and(pii.inputGate()), gates, threads, auditor),
        limiter(prices, meters),
        new OutputGuard(rules.outputGate().and(pii.outputGate()), gates, time, auditor),
        new JournaledAccounts(journal, prices, List.of(claims), database, threads),
        Optional.of(claims),
        observation,
        Optional.empty(),
        () -> "",
        time,
        new Ulid(time, random),
        threads,
        services,
        chat.map(WholeChat::mount).stream().toList());
  }

  private Limiter limiter(PriceTable prices, MeterRegistry meters) {
    return new Limiter(
        new TierTerms(database, time),
        new InProcessEphemeralStore(time, STORED_VALUES),
        prices::micros,
        new RecordedSpend(database, prices.currency(), journal),
        time,
        random,
        meters,
        Runnable::run);
  }

  @Override
  public void close() throws IOException {
    gateway.close();
    chat.ifPresent(WholeChat::close);
    models.close();
    threads.close();
    journal.close();
    database.close();
    audit.close();
    ledger.shutdown();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
