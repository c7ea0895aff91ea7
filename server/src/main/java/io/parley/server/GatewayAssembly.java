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
import io.parley.gateway.limits.Limiter;
import io.parley.gateway.limits.TierTerms;
import io.parley.gateway.messages.Turnstile;
import io.parley.gateway.privacy.StoredPolicies;
import io.parley.gateway.usage.PriceFile;
import io.parley.gateway.usage.PriceTable;
import io.parley.gateway.usage.RecordedSpend;
import io.parley.gateway.usage.UsageReports;
import io.parley.gateway.usage.journal.JournaledAccounts;
import io.parley.gateway.usage.journal.UsageJournal;
import io.parley.ports.data.Database;
import io.parley.ports.model.ModelDescriptor;
import io.parley.safety.GateLimits;
import io.parley.safety.audit.AuditLog;
import io.parley.safety.pii.PiiGate;
import io.parley.safety.rules.ModelRules;
import io.parley.server.config.ParleyConfig;
import io.parley.web.WebFiles;
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
    AuditLog audit,
    UsageJournal journal,
    TimeSource time,
    SecureRandom random,
    ExecutorService threads) {

  GatewayParts parts(Administration administration) {
    Database database = profile.database();
    PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    profile.metrics().bindTo(meters);
    JvmMetrics.bindTo(meters);
    SafetyGates gates = gates(meters);
    PriceTable prices = prices();
    Ulid ids = new Ulid(time, random);
    Batches batches = new Batches(database, time, ids, threads, BatchLimits.DEFAULTS);
    Claims claims = claims();
    return new GatewayParts(
        profile.modelPool(),
        new KeyAuthenticator(database, time, threads),
        Optional.of(administration),
        Optional.of(new UsageReports(database, journal)),
        Optional.of(batches),
        new Circuits(profile.modelPool(), catalogue.fallbacks(), meters, time),
        gates.input(),
        limiter(prices),
        gates.output(),
        new JournaledAccounts(journal, prices, List.of(batches, claims), database, threads),
        Optional.of(claims),
        meters,
        meters::scrape,
        time,
        ids,
        threads,
        List.of(new Mount("web", WebFiles::takes, WebFiles::handler)));
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
    return SafetyGates.open(rules, pii, limits, threads, time, audit);
  }

  /** The embedded store never blocks, so event loops may end requests by themselves. */
  private Turnstile limiter(PriceTable prices) {
    return new Limiter(
        new TierTerms(profile.database(), time),
        profile.ephemeralStore(),
        prices::micros,
        new RecordedSpend(profile.database(), prices.currency(), journal),
        time,
        random,
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
