package io.parley.server.cli;

import io.parley.common.ParleyException;
import io.parley.common.TimeSource;
import io.parley.gateway.administration.Administration;
import io.parley.gateway.usage.BucketWidth;
import io.parley.gateway.usage.ByKind;
import io.parley.gateway.usage.Dimension;
import io.parley.gateway.usage.UsageJson;
import io.parley.gateway.usage.UsageQuery;
import io.parley.gateway.usage.UsageReports;
import io.parley.gateway.usage.UsageSum;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What an organisation used, and what that cost. */
@Command(
    name = "usage",
    mixinStandardHelpOptions = true,
    description = {
      "What an organisation used, and what that cost, of a running or a stopped server.",
      "Times are UTC; requests count when they end."
    })
final class UsageCommand implements Callable<Integer> {
  private final AdminShell shell;
  private final TimeSource time;

  @Mixin private AdminOptions options = new AdminOptions();

  @Option(
      names = "--org",
      paramLabel = "ORG",
      description = "Id or name (default: the only organisation).")
  private @Nullable String organisation;

  @Option(
      names = "--from",
      paramLabel = "TIME",
      description = "A date or a time, at a full hour (default: the first of this month).")
  private @Nullable String from;

  @Option(
      names = "--to",
      paramLabel = "TIME",
      description = "A date or a time, at a full hour, exclusive (default: now).")
  private @Nullable String to;

  @Option(
      names = "--by",
      paramLabel = "WHAT",
      description = "What to tell apart: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).",
      defaultValue = "model")
  private Breakdown by = Breakdown.model;

  /** What to tell apart, as the option spells it. */
  enum Breakdown {
    model(Dimension.MODEL),
    key(Dimension.API_KEY),
    workspace(Dimension.WORKSPACE),
    tier(Dimension.SERVICE_TIER),
    day(null);

    private final @Nullable Dimension dimension;

    Breakdown(@Nullable Dimension dimension) {
      this.dimension = dimension;
    }

    Set<Dimension> dimensions() {
      return dimension == null ? Set.of() : Set.of(dimension);
    }

    String of(UsageSum sum) {
      return dimension == null
          ? LocalDate.ofInstant(sum.bucket(), ZoneOffset.UTC).toString()
          : sum.of(dimension).orElse("-");
    }
  }

  UsageCommand(AdminShell shell, TimeSource time) {
    this.shell = shell;
    this.time = time;
  }

  @Override
  public Integer call() {
    return shell.open(
        options,
        (opened, answer) ->
            answer.list(
                sums(opened.administration(), opened.usage()),
                UsageJson::line,
                List.of(
                    by.name(),
                    "requests",
                    "input",
                    "cache write",
                    "cache read",
                    "output",
                    "cost",
                    "currency"),
                this::row));
  }

  private List<UsageSum> sums(Administration administration, UsageReports reports) {
    String id = shell.by(administration, organisation).organisationId();
    Instant now = time.now();
    Instant begin = hour("--from", from).orElse(month(now));
    Instant end =
        hour("--to", to).orElse(BucketWidth.HOUR.floor(now).plusMillis(BucketWidth.HOUR.millis()));
    if (!begin.isBefore(end)) {
      throw ParleyException.invalid("--to: must be after --from");
    }
    UsageQuery query = UsageQuery.of(begin, end, BucketWidth.DAY, by.dimensions());
    return by == Breakdown.day ? reports.byBucket(id, query) : reports.overall(id, query);
  }

  private static Optional<Instant> hour(String option, @Nullable String text) {
    return Optional.ofNullable(text).map(given -> hourOf(option, given));
  }

  private static Instant hourOf(String option, String text) {
    try {
      Instant time =
          text.contains("T")
              ? OffsetDateTime.parse(text).toInstant()
              : LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant();
      if (BucketWidth.HOUR.floor(time).equals(time)) {
        return time;
      }
    } catch (DateTimeParseException e) {
      // Answered below: what is no time and what is in the middle of an hour are told the same.
    }
    throw ParleyException.invalid(
        "%s: must be a date such as 2027-01-31 or a full hour such as 2027-01-31T06:00:00Z, not '%s'"
            .formatted(option, text));
  }

  private List<String> row(UsageSum sum) {
    ByKind tokens = sum.tokens();
    return List.of(
        by.of(sum),
        number(sum.requests()),
        number(tokens.input()),
        number(tokens.cacheWrite5m() + tokens.cacheWrite1h()),
        number(tokens.cacheRead()),
        number(tokens.output()),
        UsageJson.units(sum.nanos().total()),
        sum.currency());
  }

  private static String number(long number) {
    return String.format(Locale.ROOT, "%d", number);
  }

  /** When the calendar month (UTC) of a time began. */
  private static Instant month(Instant now) {
    return YearMonth.from(now.atOffset(ZoneOffset.UTC))
        .atDay(1)
        .atStartOfDay(ZoneOffset.UTC)
        .toInstant();
  }
}
