package io.parley.gateway.usage;

import io.parley.common.ParleyException;
import io.parley.gateway.messages.Accepted;
import io.parley.ports.model.Usage;
import java.time.Instant;
import java.util.Collection;
import java.util.Currency;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What tokens cost, by model and time. Immutable. */
public final class PriceTable {
  private static final int NANOS_PER_MICRO = 1_000;
  private static final int WHOLE = 100;

  private final Currency currency;
  private final int batchPercent;
  private final Map<String, TreeMap<Instant, Price>> byModel = new HashMap<>();

  /**
   * @param batchPercent what a request of a batch costs, of the price of others, 0 to 100
   * @throws ParleyException INVALID_REQUEST if two prices of a model begin at the same time
   */
  public PriceTable(Currency currency, int batchPercent, List<Price> prices) {
    this.currency = currency;
    this.batchPercent = batchPercent;
    if (batchPercent < 0 || batchPercent > WHOLE) {
      throw ParleyException.invalid("batch-percent: must be from 0 to 100");
    }
    prices.forEach(this::add);
  }

  private void add(Price price) {
    Map<Instant, Price> own = byModel.computeIfAbsent(price.model(), model -> new TreeMap<>());
    if (own.putIfAbsent(price.from(), price) != null) {
      throw ParleyException.invalid(
          "prices: \"%s\" has two from %s".formatted(price.model(), price.from()));
    }
  }

  /** The currency of all prices. */
  public Currency currency() {
    return currency;
  }

  /**
   * Makes sure that no request can end without a price.
   *
   * @throws ParleyException INVALID_REQUEST that names the first model that has none
   */
  public void requirePriced(Collection<String> models, Instant now) {
    for (String model : models) {
      if (find(model, now).isEmpty()) {
        throw ParleyException.invalid(
            "prices: the model \"%s\" has none at %s; add one, or one for \"%s\""
                .formatted(model, now, Price.EVERY_MODEL));
      }
    }
  }

  /**
   * The price of a model at a time: its own, if one has begun, otherwise that of every model.
   *
   * @throws IllegalStateException if there is none, which {@link #requirePriced} rules out
   */
  public Price at(String model, Instant at) {
    return find(model, at)
        .orElseThrow(() -> new IllegalStateException("no price for " + model + " at " + at));
  }

  private Optional<Price> find(String model, Instant at) {
    return begun(model, at).or(() -> begun(Price.EVERY_MODEL, at));
  }

  private Optional<Price> begun(String model, Instant at) {
    return Optional.ofNullable(byModel.get(model))
        .map(own -> own.floorEntry(at))
        .map(Map.Entry::getValue);
  }

  /** What the tokens of one request cost, in billionths of the currency, each kind rounded. */
  ByKind nanos(String model, String serviceTier, ByKind tokens, Instant at) {
    int percent = serviceTier.equals(Accepted.BATCH) ? batchPercent : WHOLE;
    return at(model, at).nanos(tokens, percent);
  }

  /**
   * What a request costs, in millionths of the currency, rounded up: for budgets, which rather stop
   * too early than too late. The bill itself is kept in billionths.
   */
  public long micros(Accepted request, Usage usage) {
    ByKind tokens = ByKind.tokens(usage, request.cacheTtl());
    Instant at = Instant.ofEpochMilli(request.receivedAtMs());
    return ceilMicros(nanos(request.modelId(), request.serviceTier(), tokens, at).total());
  }

  static long ceilMicros(long nanos) {
    return Math.ceilDiv(nanos, NANOS_PER_MICRO);
  }
}
