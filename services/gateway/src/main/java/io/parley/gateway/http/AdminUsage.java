package io.parley.gateway.http;

import io.parley.common.ParleyException;
import io.parley.common.TimeSource;
import io.parley.gateway.messages.Accepted;
import io.parley.gateway.usage.BucketWidth;
import io.parley.gateway.usage.ContextWindow;
import io.parley.gateway.usage.Dimension;
import io.parley.gateway.usage.ReportPage;
import io.parley.gateway.usage.UsageJson;
import io.parley.gateway.usage.UsageQuery;
import io.parley.gateway.usage.UsageReports;
import io.parley.gateway.usage.UsageSum;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * {@code /v1/organizations/usage_report/messages} and {@code /v1/organizations/cost_report}.
 * Thread-safe; blocks.
 */
record AdminUsage(UsageReports reports, TimeSource time) {
  /** What both reports can be asked. */
  static final Set<String> RANGE =
      Set.of("starting_at", "ending_at", "bucket_width", "limit", "page", "group_by[]");

  /** By which parameter a dimension is narrowed. */
  static final Map<Dimension, String> FILTERS =
      Map.of(
          Dimension.API_KEY, "api_key_ids[]",
          Dimension.WORKSPACE, "workspace_ids[]",
          Dimension.MODEL, "models[]",
          Dimension.SERVICE_TIER, "service_tiers[]",
          Dimension.CONTEXT_WINDOW, "context_window[]");

  private static final String WORKSPACE = "workspace_id";
  private static final String DESCRIPTION = "description";

  /** What a description is made of. */
  private static final Set<Dimension> DESCRIBING =
      Set.of(Dimension.MODEL, Dimension.SERVICE_TIER, Dimension.CONTEXT_WINDOW);

  Json.Body usage(AdminCall call) {
    ReportPage page = page(call, BucketWidth.wireNames());
    Set<Dimension> by = EnumSet.noneOf(Dimension.class);
    for (String name : groups(call, Dimension.wireNames())) {
      by.add(Dimension.of(name).orElseThrow());
    }
    List<UsageSum> sums = sums(call, page, by, filters(call));
    return json -> UsageJson.usage(json, page, sums);
  }

  Json.Body cost(AdminCall call) {
    ReportPage page = page(call, List.of(BucketWidth.DAY.wireName()));
    List<String> groups = groups(call, List.of(WORKSPACE, DESCRIPTION));
    boolean described = groups.contains(DESCRIPTION);
    Set<Dimension> by = EnumSet.noneOf(Dimension.class);
    if (described) {
      by.addAll(DESCRIBING);
    }
    if (groups.contains(WORKSPACE)) {
      by.add(Dimension.WORKSPACE);
    }
    List<UsageSum> sums = sums(call, page, by, Map.of());
    return json -> UsageJson.cost(json, page, sums, described);
  }

  private List<UsageSum> sums(
      AdminCall call, ReportPage page, Set<Dimension> by, Map<Dimension, List<String>> only) {
    return reports.byBucket(
        call.by().organisationId(), new UsageQuery(page.from(), page.to(), page.width(), by, only));
  }

  private ReportPage page(AdminCall call, List<String> widths) {
    String width = call.query("bucket_width").orElse(BucketWidth.DAY.wireName());
    if (!widths.contains(width)) {
      throw unsupported("bucket_width", width, widths);
    }
    return ReportPage.of(
        BucketWidth.of(width),
        time(call, "starting_at")
            .orElseThrow(() -> ParleyException.invalid("starting_at: Field required")),
        time(call, "ending_at"),
        call.query("limit").map(AdminUsage::number),
        call.query("page"),
        time.now());
  }

  private static Optional<Instant> time(AdminCall call, String name) {
    try {
      // In a query a plus that is not encoded is a blank.
      return call.query(name).map(text -> OffsetDateTime.parse(text.replace(' ', '+')).toInstant());
    } catch (DateTimeParseException e) {
      throw ParleyException.invalid(name + ": must be a time such as 2027-01-31T00:00:00Z");
    }
  }

  private static int number(String text) {
    // What is no number at all is as far off as zero, and refused in the same words.
    return text.matches("[0-9]{1,9}") ? Integer.parseInt(text) : 0;
  }

  private static List<String> groups(AdminCall call, List<String> known) {
    List<String> groups = call.queries("group_by[]");
    groups.stream()
        .filter(group -> !known.contains(group))
        .findFirst()
        .ifPresent(
            group -> {
              throw unsupported("group_by[]", group, known);
            });
    return groups;
  }

  private static Map<Dimension, List<String>> filters(AdminCall call) {
    Map<Dimension, List<String>> only = new EnumMap<>(Dimension.class);
    FILTERS.forEach(
        (dimension, name) -> {
          List<String> values = call.queries(name);
          if (values.size() > UsageQuery.MAX_VALUES) {
            throw ParleyException.invalid(
                name + ": must be there at most " + UsageQuery.MAX_VALUES + " times");
          }
          if (!values.isEmpty()) {
            only.put(dimension, values);
          }
        });
    known(only, Dimension.CONTEXT_WINDOW, ContextWindow.wireNames());
    known(only, Dimension.SERVICE_TIER, List.of(Accepted.STANDARD, Accepted.BATCH));
    return only;
  }

  private static void known(
      Map<Dimension, List<String>> only, Dimension dimension, List<String> known) {
    for (String value : only.getOrDefault(dimension, List.of())) {
      if (!known.contains(value)) {
        throw unsupported(FILTERS.getOrDefault(dimension, ""), value, known);
      }
    }
  }

  private static ParleyException unsupported(String name, String value, List<String> known) {
    String shown = value.length() <= 60 ? value : value.substring(0, 60) + "…";
    return ParleyException.invalid(
        "%s: \"%s\" is not supported, only %s".formatted(name, shown, String.join(", ", known)));
  }
}
