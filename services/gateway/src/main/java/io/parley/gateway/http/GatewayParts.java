package io.parley.gateway.http;

import io.micrometer.core.instrument.MeterRegistry;
import io.parley.common.TimeSource;
import io.parley.common.Ulid;
import io.parley.gateway.Authenticator;
import io.parley.gateway.administration.Administration;
import io.parley.gateway.batches.Batches;
import io.parley.gateway.circuit.Circuits;
import io.parley.gateway.idempotency.Claims;
import io.parley.gateway.messages.Accounts;
import io.parley.gateway.messages.Turnstile;
import io.parley.gateway.usage.UsageReports;
import io.parley.ports.model.ModelPool;
import io.parley.safety.InputGuard;
import io.parley.safety.OutputGuard;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.function.Supplier;

/**
 * What a gateway is put together from; all of it thread-safe. The gateway closes nothing that it
 * did not start.
 *
 * @param administration behind {@code /v1/organizations}; empty for a gateway that has no such
 *     paths
 * @param usage the reports among those paths; empty for none
 * @param batches behind {@code /v1/messages/batches}, which the gateway starts and stops; empty for
 *     none
 * @param claims on idempotency keys; must be one of the ledgers of {@code accounts}. Empty for a
 *     gateway that takes no such keys
 * @param metricsText what {@code /metrics} says, in the Prometheus text format; may block
 * @param ids for requests and messages
 * @param threads runs what blocks, one thread per request: virtual threads
 * @param mounts what others answer for, asked in this order, and before the gateway's own paths
 */
public record GatewayParts(
    ModelPool models,
    Authenticator authenticator,
    Optional<Administration> administration,
    Optional<UsageReports> usage,
    Optional<Batches> batches,
    Circuits circuits,
    InputGuard inputGuard,
    Turnstile turnstile,
    OutputGuard outputGuard,
    Accounts accounts,
    Optional<Claims> claims,
    MeterRegistry meters,
    Supplier<String> metricsText,
    TimeSource time,
    Ulid ids,
    ExecutorService threads,
    List<Mount> mounts) {}
