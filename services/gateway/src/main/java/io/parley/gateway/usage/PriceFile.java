package io.parley.gateway.usage;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;
import io.parley.gateway.json.Field;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.Currency;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads price tables from YAML; the one that ships, {@code prices.yaml}, says how to write one. */
public final class PriceFile {
  private static final String SHIPPED = "prices.yaml";
  private static final int MAX_PRICES = 10_000;
  private static final int MICRO_DECIMALS = 6;
  private static final YAMLMapper YAML =
      YAMLMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
          .build();

  private PriceFile() {}

  /** The table that ships. */
  public static PriceTable shipped() {
    try (InputStream in =
        Objects.requireNonNull(PriceFile.class.getResourceAsStream(SHIPPED), SHIPPED)) {
      return parse(SHIPPED, new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The table in a file.
   *
   * @throws ParleyException INVALID_REQUEST that names the file and what is wrong in it
   */
  public static PriceTable read(Path file) {
    try {
      return parse(file.toString(), Files.readString(file));
    } catch (IOException e) {
      throw new ParleyException(
          ErrorCode.INVALID_REQUEST, "the price file " + file + " cannot be read: " + e, e);
    }
  }

  /**
   * The table in a text.
   *
   * @param name what errors call it
   */
  static PriceTable parse(String name, String text) {
    try {
      JsonNode tree = YAML.readTree(text);
      return table(Field.body(tree).object(Set.of("currency", "batch-percent", "prices")));
    } catch (JsonProcessingException e) {
      throw new ParleyException(
          ErrorCode.INVALID_REQUEST, name + ": is not valid YAML: " + e.getOriginalMessage(), e);
    } catch (ParleyException e) {
      throw new ParleyException(e.code(), name + ": " + e.getMessage(), e);
    }
  }

  private static PriceTable table(Field root) {
    List<Price> prices =
        root.require("prices").items(MAX_PRICES).stream().map(PriceFile::price).toList();
    return new PriceTable(
        currency(root.require("currency")), root.require("batch-percent").integer(0), prices);
  }

  private static Currency currency(Field code) {
    try {
      return Currency.getInstance(code.text());
    } catch (IllegalArgumentException e) {
      throw code.mustBe("the ISO 4217 code of a currency, such as USD");
    }
  }

  private static Price price(Field entry) {
    entry.object(keys());
    String model = entry.require("model").text();
    Instant from = from(entry.require("from"));
    ByKind micros = ByKind.of(kind -> micros(entry.require(key(kind))));
    try {
      return new Price(model, from, micros);
    } catch (ParleyException e) {
      throw entry.error(String.valueOf(e.getMessage()));
    }
  }

  private static Set<String> keys() {
    Set<String> keys =
        Arrays.stream(TokenKind.values()).map(PriceFile::key).collect(Collectors.toSet());
    Set<String> all = new HashSet<>(Set.of("model", "from"));
    all.addAll(keys);
    return all;
  }

  private static String key(TokenKind kind) {
    return kind.column().replace('_', '-');
  }

  private static Instant from(Field field) {
    String text = field.text();
    try {
      return text.length() > "2026-01-01".length()
          ? OffsetDateTime.parse(text).toInstant()
          : LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant();
    } catch (DateTimeParseException e) {
      throw field.mustBe("a date such as 2026-07-01, or a time such as 2026-07-01T12:00:00Z");
    }
  }

  private static long micros(Field price) {
    try {
      if (price.value().isNumber()) {
        return price.value().decimalValue().movePointRight(MICRO_DECIMALS).longValueExact();
      }
    } catch (ArithmeticException e) {
      // Answered below: too many digits, before or after the point.
    }
    throw price.mustBe("a number with six decimals at most");
  }
}
