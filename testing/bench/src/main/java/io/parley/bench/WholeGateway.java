package io.parley.bench;

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
import io.parley.gateway.limits.Limiter;
import io.parley.gateway.limits.TierTerms;
import io.parley.gateway.messages.SharedTransaction;
import io.parley.gateway.privacy.StoredPolicies;
import io.parley.gateway.usage.PriceFile;
import io.parley.gateway.usage.PriceTable;
import io.parley.gateway.usage.RecordedSpend;
import io.parley.gateway.usage.UsageLedger;
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
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;

/**
 * A gateway with everything on: keys in SQL, limits and a budget that are never reached, both gates
 * with their search for personal data, metering, idempotency and the audit log, in a directory of
 * its own that goes with it. Only the model is played.
 */
final class WholeGateway implements AutoCloseable {
  private static final OptionalLong PLENTY = OptionalLong.of(100_000_000);
  private static final int STORED_VALUES = 10_000;

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final SecureRandom random = new SecureRandom();
  private final TimeSource time;
  private final Path directory;
  private final SqliteDatabase database;
  private final FileAuditLog audit;
  private final PacedModelPool models;
  private final String key;
  private final Gateway gateway;

  private WholeGateway(long tickMs, GateLimits gates, TimeSource time) throws IOException {
    this.time = time;
    directory = Files.createTempDirectory("parley-bench");
    database = SqliteDatabase.open(directory.resolve("bench.db"), 2);
    AuditKeys keys = AuditKeys.ofFileOrNew(directory.resolve("keys"), random);
    audit = FileAuditLog.open(directory.resolve("audit"), keys, AuditLimits.DEFAULTS, time, random);
    models = new PacedModelPool(tickMs, time);
    key = tenant();
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
    return new WholeGateway(tickMs, gates, time);
  }

  int port() {
    return gateway.port();
  }

  /** The key of a tenant with limits and a budget. */
  String key() {
    return key;
  }

  private String tenant() {
    Administration administration =
        new Administration(database, time, random, AdministrationLimits.DEFAULTS);
    TierLimits limits = new TierLimits(TierLimits.EVERY_MODEL, PLENTY, PLENTY, PLENTY, PLENTY);
    administration
        .tiers()
        .put(Actor.SERVER, new Tier("bench", 1_000, OptionalLong.empty(), PLENTY, List.of(limits)));
    String id = administration.organisations().create(Actor.SERVER, "bench", "bench").id();
    return administration
        .apiKeys()
        .create(new Administrator(Actor.SERVER, id), KeySpec.of(KeyKind.API, "bench"))
        .secret();
  }

  private GatewayParts parts(GateLimits gates) {
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
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
        limiter(prices),
        new OutputGuard(rules.outputGate().and(pii.outputGate()), gates, time, auditor),
        new SharedTransaction(database, threads, List.of(new UsageLedger(prices), claims)),
        Optional.of(claims),
        meters,
        () -> "",
        time,
        new Ulid(time, random),
        threads,
        Optional.empty(),
            List.of());
  }

  private Limiter limiter(PriceTable prices) {
    return new Limiter(
        new TierTerms(database, time),
        new InProcessEphemeralStore(time, STORED_VALUES),
        prices::micros,
        new RecordedSpend(database, prices.currency()),
        time,
        random,
        Runnable::run);
  }

  @Override
  public void close() throws IOException {
    gateway.close();
    models.close();
    threads.close();
    database.close();
    audit.close();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
