package io.parley.gateway.http;

import io.parley.gateway.GatewayLimits;
import io.parley.gateway.messages.GatewayMeters;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/** What all event loops of a gateway share: its parts, its limits and its state. Thread-safe. */
final class Edge {
  private final GatewayParts parts;
  private final GatewayLimits limits;
  private final GatewayMeters meters;
  private final BodyBudget bodyBudget;
  private final AtomicInteger connections = new AtomicInteger();
  private final AtomicInteger work = new AtomicInteger();
  private final CompletableFuture<Void> idle = new CompletableFuture<>();
  private volatile boolean draining;

  Edge(GatewayParts parts, GatewayLimits limits, GatewayMeters meters) {
    this.parts = parts;
    this.limits = limits;
    this.meters = meters;
    this.bodyBudget = new BodyBudget(limits.requests().maxBodyBytesInFlight());
  }

  GatewayParts parts() {
    return parts;
  }

  GatewayLimits limits() {
    return limits;
  }

  GatewayMeters meters() {
    return meters;
  }

  BodyBudget bodyBudget() {
    return bodyBudget;
  }

  /** No new work is taken. */
  boolean isDraining() {
    return draining;
  }

  /** Takes no new work from now on; the result completes when none is left. */
  CompletableFuture<Void> drain() {
    draining = true;
    noticeIdle();
    return idle;
  }

  /** An exchange began, or an answer, which may outlive the exchange with its client. */
  void workBegun() {
    work.incrementAndGet();
  }

  void workFinished() {
    work.decrementAndGet();
    noticeIdle();
  }

  /** Whether one more connection may stay open; if so it must be given up at its end. */
  boolean takeConnection() {
    if (connections.incrementAndGet() <= limits.connections().maxOpen()) {
      return true;
    }
    connections.decrementAndGet();
    return false;
  }

  void giveUpConnection() {
    connections.decrementAndGet();
  }

  /** Whether one more call of the Messages API may run; if so it must be given up at its end. */
  boolean takeCall() {
    if (meters.open().incrementAndGet() <= limits.streams().maxConcurrent()) {
      return true;
    }
    meters.open().decrementAndGet();
    return false;
  }

  void giveUpCall() {
    meters.open().decrementAndGet();
  }

  private void noticeIdle() {
    if (draining && work.get() == 0) {
      idle.complete(null);
    }
  }
}
