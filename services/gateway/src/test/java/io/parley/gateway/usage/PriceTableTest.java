package io.parley.gateway.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parley.gateway.Principal;
import io.parley.gateway.Scope;
import io.parley.gateway.messages.Accepted;
import io.parley.gateway.messages.CacheTtl;
import io.parley.ports.model.Share;
import io.parley.ports.model.Usage;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.Currency;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class PriceTableTest {
  private static final Instant MARCH = Instant.parse("2026-03-01T00:00:00Z");
  private static final Instant JUNE = Instant.parse("2026-06-01T00:00:00Z");

  private static final String FILE =
      """
      currency: EUR
      batch-percent: 50
      prices:
        - {model: "*", from: 2026-03-01, input: 1, cache-write-5m: 1.25, cache-write-1h: 2, cache-read: 0.1, output: 5}
        - {model: large, from: 2026-03-01, input: 3, cache-write-5m: 3.75, cache-write-1h: 6, cache-read: 0.3, output: 15}
        - {model: large, from: 2026-06-01T00:00:00Z, input: 2, cache-write-5m: 2.5, cache-write-1h: 4, cache-read: 0.2, output: 10}
      """;

  private final PriceTable prices = PriceFile.parse("prices.yaml", FILE);

  @Test
  void aPriceCountsFromItsDateOnUntilTheNext() {
    assertThat(prices.at("large", MARCH).microsPerMillion().input()).isEqualTo(3_000_000);
    assertThat(prices.at("large", JUNE.minusMillis(1)).microsPerMillion().input())
        .isEqualTo(3_000_000);
    assertThat(prices.at("large", JUNE).microsPerMillion().input()).isEqualTo(2_000_000);
    assertThat(prices.at("unheard-of", JUNE).microsPerMillion().cacheWrite5m())
        .isEqualTo(1_250_000);
    assertThat(prices.currency().getCurrencyCode()).isEqualTo("EUR");
  }

  @Test
  void eachKindOfTokenHasItsPriceAndABatchHalfOfIt() {
    Usage usage = new Usage(1_000, 100, 40, 500);
    ByKind tokens = ByKind.tokens(usage, CacheTtl.ONE_HOUR);
    assertThat(tokens).isEqualTo(new ByKind(1_000, 0, 40, 500, 100));
    assertThat(prices.nanos("large", Accepted.STANDARD, tokens, MARCH))
        .isEqualTo(new ByKind(3_000_000, 0, 240_000, 150_000, 1_500_000));
    assertThat(prices.nanos("large", Accepted.BATCH, tokens, MARCH))
        .isEqualTo(new ByKind(1_500_000, 0, 120_000, 75_000, 750_000));
  }

  @Test
  void budgetsCountInMicrosRoundedUp() {
    assertThat(prices.micros(inMarch(Accepted.STANDARD), new Usage(1, 0))).isEqualTo(3);
    assertThat(prices.micros(inMarch(Accepted.BATCH), new Usage(1, 0))).isEqualTo(2);
    assertThat(prices.micros(inMarch(Accepted.STANDARD), new Usage(0, 0, 0, 1))).isEqualTo(1);
  }

  private static Accepted inMarch(String serviceTier) {
    Principal sender =
        new Principal("org", Optional.empty(), "key", Set.of(Scope.MESSAGES), Share.EQUAL);
    return new Accepted(
        "req",
        "msg",
        sender,
        "large",
        Optional.empty(),
        serviceTier,
        MARCH.toEpochMilli(),
        CacheTtl.FIVE_MINUTES);
  }

  @Property
  void aCostIsThePriceRoundedHalfUpOnceHoweverLargeItIs(
      @ForAll @IntRange int tokens,
      @ForAll @LongRange(max = Price.MAX_MICROS) long micros,
      @ForAll @IntRange(max = 100) int percent) {
    ByKind same = ByKind.of(kind -> micros);
    long nanos =
        new Price("m", MARCH, same).nanos(new ByKind(0, 0, 0, 0, tokens), percent).output();
    BigInteger exact =
        BigInteger.valueOf(tokens)
            .multiply(BigInteger.valueOf(micros))
            .multiply(BigInteger.valueOf(percent));
    assertThat(nanos)
        .isEqualTo(
            new BigDecimal(exact)
                .divide(BigDecimal.valueOf(100_000), 0, RoundingMode.HALF_UP)
                .longValueExact());
  }

  @Test
  void aModelWithoutAPriceIsFoundBeforeItIsServed() {
    prices.requirePriced(List.of("large", "small"), JUNE);
    assertThatThrownBy(() -> prices.requirePriced(List.of("large"), MARCH.minusMillis(1)))
        .hasMessageContaining("the model \"large\" has none at 2026-02-28");
    PriceTable own =
        new PriceTable(
            Currency.getInstance("EUR"), 50, List.of(new Price("large", MARCH, ByKind.ZERO)));
    assertThatThrownBy(() -> own.requirePriced(List.of("large", "small"), JUNE))
        .hasMessageContaining("prices: the model \"small\" has none");
  }

  @Test
  void theTableThatShipsPricesEveryModel() {
    PriceFile.shipped()
        .requirePriced(List.of("parley-base"), Instant.parse("2026-01-01T00:00:00Z"));
  }

  @Test
  void whatIsWrongInAFileIsNamed() {
    refused(FILE.replace("input: 3", "input: cheap"), "p.yaml: prices.1.input: must be a number");
    refused(FILE.replace("input: 3", "input: 0.0000001"), "six decimals");
    refused(FILE.replace("input: 3", "input: -1"), "prices.1: input: must be from 0 to 1000000");
    refused(FILE.replace("input: 3,", ""), "prices.1.input: Field required");
    refused(FILE.replace("from: 2026-03-01", "from: soon"), "prices.0.from: must be a date");
    refused(FILE.replace("EUR", "MOON"), "currency: must be the ISO 4217 code");
    refused(FILE.replace("batch-percent: 50", "batch-percent: 101"), "batch-percent");
    refused(
        FILE.replace("2026-06-01T00:00:00Z", "2026-03-01"), "\"large\" has two from 2026-03-01");
    refused(FILE + "discount: 7\n", "discount: Extra inputs are not permitted");
    refused("prices: [", "p.yaml: is not valid YAML");
  }

  private static void refused(String file, String message) {
    assertThatThrownBy(() -> PriceFile.parse("p.yaml", file)).hasMessageContaining(message);
  }
}
