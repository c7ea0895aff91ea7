package io.parley.gateway.limits;

import io.parley.common.ParleyException;
import io.parley.common.TimeSource;
import io.parley.gateway.administration.TierLimits;
import io.parley.gateway.messages.Conclusion;
import io.parley.gateway.messages.Hold;
import io.parley.ports.ephemeral.EphemeralStore;
import io.parley.ports.ephemeral.Update;
import io.parley.ports.model.Usage;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The limits by organisation and model, kept in a store that replicas may share. Thread-safe; may
 * block as the store does.
 */
final class RateLimits {
  /**
   * A request that is under way for longer is given up for lost, and its place is free again. This
   * is for replicas that died: time limits end what runs, and sooner than that.
   */
  static final Duration LEASE = Duration.ofHours(1);

  private record Taken(Optional<Refusal> refusal, Standing standing) {}

  private final EphemeralStore store;
  private final TimeSource time;
  private final Refusals refusals;

  RateLimits(EphemeralStore store, TimeSource time, Refusals refusals) {
    this.store = store;
    this.time = time;
    this.refusals = refusals;
  }

  /**
   * Takes what a request may need.
   *
   * @param headers is told what is left, taken or not
   * @throws ParleyException RATE_LIMIT if there is not enough
   */
  Hold take(Request request, TierLimits limits, Consumer<Map<String, String>> headers) {
    Account account = new Account(request, limits);
    long now = now();
    Taken taken = store.update(account.key, state -> account.reserve(state, now));
    headers.accept(taken.standing.headers());
    taken.refusal.ifPresent(
        refusal -> {
          refusals.by(refusal.limit());
          throw tooMuch(refusal, request.model().id());
        });
    return account;
  }

  private static ParleyException tooMuch(Refusal refusal, String modelId) {
    return ParleyException.rateLimited(
        "This request would exceed your organization's limit of %d %s for %s; try again in %d ms"
            .formatted(refusal.size(), refusal.limit().words(), modelId, refusal.retryAfterMs()),
        refusal.retryAfterMs());
  }

  static String key(String organisationId, String modelId) {
    return "limits/" + organisationId + "/" + modelId;
  }

  /** One request's part in the account of its organisation and model. */
  private final class Account implements Hold {
    private final Request request;
    private final TierLimits limits;
    private final String key;

    Account(Request request, TierLimits limits) {
      this.request = request;
      this.limits = limits;
      this.key = key(request.organisationId(), request.model().id());
    }

    Update<Taken> reserve(Optional<byte[]> state, long now) {
      ModelAccount account = ModelAccount.open(state, limits, now);
      Optional<Refusal> refusal =
          account.reserve(
              request.id(), request.inputTokens(), request.outputTokens(), LEASE.toMillis());
      Taken taken = new Taken(refusal, account.standing());
      return refusal.isPresent()
          ? Update.keep(taken)
          : Update.put(account.bytes(), account.ttl(), taken);
    }

    @Override
    public void started(Usage prompt) {
      change(a -> a.correct(request.id(), counted(prompt), request.outputTokens(prompt)));
    }

    @Override
    public void settle(Usage usage, Conclusion.Outcome outcome) {
      change(a -> a.settle(request.id(), counted(usage), usage.outputTokens()));
    }

    @Override
    public void release() {
      change(a -> a.release(request.id()));
    }

    private void change(Consumer<ModelAccount> step) {
      long now = now();
      store.update(
          key,
          state -> {
            ModelAccount account = ModelAccount.open(state, limits, now);
            step.accept(account);
            return Update.put(account.bytes(), account.ttl(), true);
          });
    }
  }

  /** Asked before an update: what runs inside of one knows no clock. */
  private long now() {
    return time.now().toEpochMilli();
  }

  /** What was read from the cache costs next to nothing, and does not count. */
  private static long counted(Usage usage) {
    return (long) usage.inputTokens() + usage.cacheCreationTokens();
  }
}
