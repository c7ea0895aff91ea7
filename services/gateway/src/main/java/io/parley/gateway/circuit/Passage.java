package io.parley.gateway.circuit;

import io.parley.common.ErrorCode;
import io.parley.concurrent.limit.CircuitBreaker;
import io.parley.ports.model.GenerationEvent;
import io.parley.ports.model.ModelDescriptor;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Leave to generate once with a model. It ends once, with what was learnt; what comes after that
 * does nothing. Thread-safe.
 */
public final class Passage {
  /** A ticket of a breaker. */
  record Ticket(CircuitBreaker breaker, long number) {}

  private final String organisationId;
  private final ModelDescriptor model;
  private final Optional<String> insteadOf;
  private final ModelCircuit circuit;
  private final long modelTicket;
  private final OrganisationCircuits organisations;
  private final @Nullable Ticket own;
  private final AtomicBoolean ended = new AtomicBoolean();

  Passage(
      String organisationId,
      ModelDescriptor model,
      Optional<String> insteadOf,
      ModelCircuit circuit,
      long modelTicket,
      OrganisationCircuits organisations,
      @Nullable Ticket own) {
    this.organisationId = organisationId;
    this.model = model;
    this.insteadOf = insteadOf;
    this.circuit = circuit;
    this.modelTicket = modelTicket;
    this.organisations = organisations;
    this.own = own;
  }

  /** The model that may be used. */
  public ModelDescriptor model() {
    return model;
  }

  /** The id of the model that was asked for, if it is another. */
  public Optional<String> insteadOf() {
    return insteadOf;
  }

  /** The generation ended. */
  public void ended(GenerationEvent.Ended event) {
    switch (event) {
      case GenerationEvent.Completed completed -> succeeded();
      case GenerationEvent.Failed failed when isFault(failed.code()) -> failed();
      case GenerationEvent.Failed refused -> nothingLearnt();
      case GenerationEvent.Cancelled cancelled -> nothingLearnt();
    }
  }

  /** No room and a bad request say nothing of a model's health. */
  private static boolean isFault(ErrorCode code) {
    return code == ErrorCode.API || code == ErrorCode.TIMEOUT;
  }

  private void succeeded() {
    if (ended.compareAndSet(false, true)) {
      circuit.succeeded(organisationId, modelTicket);
      if (own != null) {
        own.breaker.succeeded(own.number);
      }
    }
  }

  private void failed() {
    if (ended.compareAndSet(false, true)) {
      boolean modelFailed = circuit.failed(organisationId, modelTicket);
      if (modelFailed) {
        forget(own);
      } else if (own != null) {
        own.breaker.failed(own.number);
      } else {
        CircuitBreaker breaker = organisations.get(organisationId);
        breaker.failed(breaker.tryEnter());
      }
    }
  }

  /** There was no generation, or none that says anything. */
  public void nothingLearnt() {
    if (ended.compareAndSet(false, true)) {
      circuit.breaker().nothingLearnt(modelTicket);
      forget(own);
    }
  }

  static void forget(@Nullable Ticket ticket) {
    if (ticket != null) {
      ticket.breaker.nothingLearnt(ticket.number);
    }
  }
}
