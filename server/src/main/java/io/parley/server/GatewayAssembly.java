package io.parley.server;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.parley.common.TimeSource;
import io.parley.common.Ulid;
import io.parley.gateway.administration.Administration;
import io.parley.gateway.batches.BatchLimits;
import io.parley.gateway.batches.Batches;
import io.parley.gateway.circuit.Circuits;
import io.parley.gateway.http.GatewayParts;
import io.parley.gateway.http.Mount;
import io.parley.gateway.idempotency.Claims;
import io.parley.gateway.identity.KeyAuthenticator;
import io.parley.gateway.inprocess.InProcessMessages;
import io.parley.gateway.limits.Limiter;
import io.parley.gateway.limits.LimitsReport;
import io.parley.gateway.limits.TierTerms;
import io.parley.gateway.messages.Turnstile;
import io.parley.gateway.observation.Observation;
import io.parley.gateway.observation.RequestListener;
import io.parley.gateway.operations.Operations;
import io.parley.gateway.privacy.StoredPolicies;
import io.parley.gateway.usage.PriceFile;
import io.parley.gateway.usage.PriceTable;
import io.parley.gateway.usage.RecordedSpend;
import io.parley.gateway.usage.UsageReports;
import io.parley.gateway.usage.journal.JournaledAccounts;
import io.parley.ports.data.Database;
import io.parley.ports.model.ModelDescriptor;
import io.parley.safety.GateLimits;
import io.parley.safety.pii.PiiGate;
import io.parley.safety.rules.ModelRules;
import io.parley.server.config.ParleyConfig;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;

/** Puts the parts of the gateway together. One use. */
record GatewayAssembly(
    ParleyConfig config,
    ModelCatalogue catalogue,
    ModelRules rules,
    Profile profile,
    Books books,
    RequestListener traces,
    TimeSource time,
    SecureRandom random,
    ExecutorService threads) {

  /**
   * @param services of this process that use the Messages API
   * @param mounts what others answer for
   */
  GatewayParts parts(
      Administration administration, InProcessMessages services, List<Mount> mounts) {
    Database database = profile.database();
    PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    profile.metrics().bindTo(meters);
    JvmMetrics.bindTo(meters);
    SafetyGates gates = gates(meters);
    PriceTable prices = prices();
    Ulid ids = new Ulid(time, random);
    Batches batches = new Batches(database, time, ids, threads, BatchLimits.DEFAULTS);
    Claims claims = claims();
    RecordedSpend spend = new RecordedSpend(database, prices.currency(), books.journal());
    TierTerms tiers = new TierTerms(database, time);
    Circuits circuits = new Circuits(profile.modelPool(), catalogue.fallbacks(), meters, time);
    Observation observation = observation(meters);
    return new GatewayParts(
        profile.modelPool(),
        new KeyAuthenticator(database, time, threads),
        Optional.of(administration),
        Optional.of(new UsageReports(database, books.journal())),
        Optional.of(batches),
        circuits,
        gates.input(),
        limiter(tiers, prices, spend, meters),
        gates.output(),
        new JournaledAccounts(books.journal(), prices, List.of(batches, claims), database, threads),
        Optional.of(claims),
        observation,
        Optional.of(operations(observation, circuits, tiers, spend, administration)),
        meters::scrape,
        time,
        ids,
        threads,
        Optional.of(services),
        mounts);
  }

  private Observation observation(MeterRegistry meters) {
    return new Observation(
        meters,
        time,
        ConfiguredLimits.ofSlos(config.slo()),
        config.metrics().organisations(),
        traces);
  }

  private Operations operations(
      Observation observation,
      Circuits circuits,
      TierTerms tiers,
      RecordedSpend spend,
      Administration administration) {
    LimitsReport limits = new LimitsReport(tiers, profile.ephemeralStore(), spend, time);
    return new Operations(
        observation,
        circuits,
        Optional.of(limits),
        profile::modelLoads,
        administration.organisations()::names,
        time);
  }

  /** The data directory is locked, so no other server has a claim on anything in it. */
  private Claims claims() {
    Claims claims =
        new Claims(profile.database(), time, ConfiguredLimits.ofIdempotency(config.streams()));
    claims.freeAll();
    return claims;
  }

  private SafetyGates gates(MeterRegistry meters) {
    SafetyMetrics metrics = new SafetyMetrics(meters);
    metrics.inForce(rules, modelIds());
    PiiGate pii = new PiiGate(new StoredPolicies(profile.database(), time), metrics);
    GateLimits limits = ConfiguredLimits.ofGates(config.safety());
    return SafetyGates.open(
        rules, pii, limits, threads, time, new MeteredAuditLog(books.audit(), meters));
  }

  /** The embedded store never blocks, so event loops may end requests by themselves. */
  private Turnstile limiter(
      TierTerms tiers, PriceTable prices, RecordedSpend spend, MeterRegistry meters) {
    return new Limiter(
        tiers,
        profile.ephemeralStore(),
        prices::micros,
        spend,
        time,
        random,
        meters,
        Runnable::run);
  }

  /** A model that has no price is found at the start, and not by the first request for it. */
  private PriceTable prices() {
    PriceTable prices =
        config.billing().prices().map(PriceFile::read).orElseGet(PriceFile::shipped);
    prices.requirePriced(modelIds(), time.now());
    return prices;
  }

  private List<String> modelIds() {
    return profile.modelPool().models().stream().map(ModelDescriptor::id).toList();
  }
}
