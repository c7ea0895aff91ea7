package io.parley.gateway.circuit;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.parley.common.ParleyException;
import io.parley.common.TimeSource;
import io.parley.concurrent.limit.CircuitBreaker;
import io.parley.ports.model.ModelDescriptor;
import io.parley.ports.model.ModelPool;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The circuit breakers: one for each model, and one for each organisation whose requests fail where
 * those of others do not. Thread-safe.
 *
 * <p><b>Whose failure is it?</b> A generation that ends in a fault of the server or at its time
 * limit is put down to the organisation if the model lately worked for most of the others that used
 * it, and otherwise to the model ({@link Witnesses}). So an organisation that sends what a model
 * cannot digest is slowed alone, and the model stays for everybody else; and a model that is broken
 * is passed by, without anybody having to answer for it.
 *
 * <p>Metrics: {@code parley.circuit.state}, a gauge by model (0 closed, 1 half open, 2 open);
 * {@code parley.circuit.organisations.slowed}, a gauge; {@code parley.circuit.refusals}, a counter
 * by what refused (model, organisation); {@code parley.circuit.fallbacks}, a counter by the model
 * that was asked for.
 */
public final class Circuits {
  /** Opens when half of the last 100 failed, at least 20; tries 5 after 10 s. */
  private static final CircuitBreaker.Settings OF_MODELS = CircuitBreaker.Settings.USUAL;

  /** Opens when half of the last 20 failed, at least 10; tries 1 after 10 s. */
  private static final CircuitBreaker.Settings OF_ORGANISATIONS =
      new CircuitBreaker.Settings(20, 10, 0.5, 10_000_000_000L, 1);

  private final ModelPool models;
  private final Map<String, String> fallbacks;
  private final MeterRegistry meters;
  private final TimeSource time;
  private final Map<String, ModelCircuit> circuits = new ConcurrentHashMap<>();
  private final OrganisationCircuits organisations;
  private final Counter refusedByModel;
  private final Counter refusedByOrganisation;

  /**
   * Closed circuits.
   *
   * @param fallbacks by the id of a model, the name of the one that answers in its place
   */
  public Circuits(
      ModelPool models, Map<String, String> fallbacks, MeterRegistry meters, TimeSource time) {
    this.models = models;
    this.fallbacks = Map.copyOf(fallbacks);
    this.meters = meters;
    this.time = time;
    this.organisations = new OrganisationCircuits(OF_ORGANISATIONS, time::nanoTime);
    this.refusedByModel = meters.counter("parley.circuit.refusals", "by", "model");
    this.refusedByOrganisation = meters.counter("parley.circuit.refusals", "by", "organisation");
    Gauge.builder("parley.circuit.organisations.slowed", organisations, o -> o.slowed())
        .strongReference(true)
        .register(meters);
  }

  /**
   * Asks for leave to generate with a model, or with the one that answers in its place.
   *
   * @return a passage, which must be ended
   * @throws ParleyException RATE_LIMIT if the organisation is slowed, OVERLOADED if the model is
   *     out of traffic and no other answers for it; both with the time after which to try again
   */
  public Passage enter(String organisationId, ModelDescriptor wanted) {
    Passage.@Nullable Ticket own = own(organisationId);
    try {
      return passage(organisationId, wanted, Optional.empty(), own)
          .or(() -> fallback(organisationId, wanted, own))
          .orElseThrow(() -> refused(wanted));
    } catch (RuntimeException e) {
      Passage.forget(own);
      throw e;
    }
  }

  private Passage.@Nullable Ticket own(String organisationId) {
    CircuitBreaker breaker = organisations.find(organisationId);
    if (breaker == null) {
      return null;
    }
    long ticket = breaker.tryEnter();
    if (ticket == CircuitBreaker.REFUSED) {
      refusedByOrganisation.increment();
      throw ParleyException.rateLimited(
          "Your organization's requests have kept failing, and are let through one by one until"
              + " they succeed",
          untilNextMs(breaker));
    }
    return new Passage.Ticket(breaker, ticket);
  }

  private Optional<Passage> passage(
      String organisationId,
      ModelDescriptor model,
      Optional<String> insteadOf,
      Passage.@Nullable Ticket own) {
    ModelCircuit circuit = circuit(model.id());
    long ticket = circuit.breaker().tryEnter();
    return ticket == CircuitBreaker.REFUSED
        ? Optional.empty()
        : Optional.of(
            new Passage(organisationId, model, insteadOf, circuit, ticket, organisations, own));
  }

  private Optional<Passage> fallback(
      String organisationId, ModelDescriptor wanted, Passage.@Nullable Ticket own) {
    Optional<Passage> passage =
        Optional.ofNullable(fallbacks.get(wanted.id()))
            .flatMap(models::find)
            .flatMap(other -> passage(organisationId, other, Optional.of(wanted.id()), own));
    if (passage.isPresent()) {
      meters.counter("parley.circuit.fallbacks", "model", wanted.id()).increment();
    }
    return passage;
  }

  private ParleyException refused(ModelDescriptor wanted) {
    refusedByModel.increment();
    return ParleyException.overloaded(
        wanted.id() + " keeps failing and is out of traffic for now",
        untilNextMs(circuit(wanted.id()).breaker()));
  }

  private static long untilNextMs(CircuitBreaker breaker) {
    return Math.max(1, Math.ceilDiv(breaker.nanosUntilNext(), 1_000_000L));
  }

  private ModelCircuit circuit(String modelId) {
    return circuits.computeIfAbsent(modelId, this::open);
  }

  private ModelCircuit open(String modelId) {
    ModelCircuit circuit = new ModelCircuit(OF_MODELS, time::nanoTime);
    Gauge.builder("parley.circuit.state", circuit, Circuits::state)
        .tag("model", modelId)
        .strongReference(true)
        .register(meters);
    return circuit;
  }

  /** The state of each model's circuit, by model: closed, half_open or open. */
  public Map<String, String> states() {
    Map<String, String> states = new TreeMap<>();
    circuits.forEach(
        (model, circuit) ->
            states.put(model, circuit.breaker().state().name().toLowerCase(Locale.ROOT)));
    return states;
  }

  /** Organisations whose requests are slowed now. */
  public int organisationsSlowed() {
    return organisations.slowed();
  }

  private static double state(ModelCircuit circuit) {
    return switch (circuit.breaker().state()) {
      case CLOSED -> 0;
      case HALF_OPEN -> 1;
      case OPEN -> 2;
    };
  }
}
