package io.parley.chat.http;

import io.parley.chat.search.ConversationSearch;
import io.parley.chat.search.SearchRequest;
import io.parley.chat.search.SearchResults;
import io.parley.chat.search.Searchable;
import io.parley.chat.search.Snippet;
import io.parley.common.ParleyException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Search over everything that somebody has said and been told. */
public final class SearchRoutes {
  private static final int DEFAULT_LIMIT = 20;

  private final ConversationSearch search;

  public SearchRoutes(ConversationSearch search) {
    this.search = search;
  }

  public List<ChatRoute> routes() {
    return List.of(ChatRoute.signedIn("GET", "/search", this::find));
  }

  record ResultsJson(List<ResultJson> data, boolean hasMore, @Nullable String next) {}

  /**
   * @param messageId null if it is the title that was found
   */
  record ResultJson(
      String conversationId,
      @Nullable String title,
      @Nullable String messageId,
      @Nullable String role,
      @Nullable String model,
      Instant createdAt,
      List<Snippet.Piece> snippet) {}

  private void find(ChatCall call) {
    SearchRequest request =
        new SearchRequest(
            call.query("q").orElse(""),
            call.query("from").map(text -> time("from", text, 0)),
            call.query("to").map(text -> time("to", text, 1)),
            call.query("role"),
            call.query("model"),
            call.query("limit").map(SearchRoutes::number).orElse(DEFAULT_LIMIT),
            call.query("cursor"));
    SearchResults found = search.search(call.user().userId(), request);
    call.reply(
        200,
        new ResultsJson(
            found.results().stream().map(SearchRoutes::json).toList(),
            found.next().isPresent(),
            found.next().orElse(null)));
  }

  private static ResultJson json(SearchResults.Result result) {
    Optional<Searchable.Message> message =
        result.found() instanceof Searchable.Message one ? Optional.of(one) : Optional.empty();
    return new ResultJson(
        result.found().conversationId(),
        result.title().orElse(null),
        message.map(Searchable.Message::messageId).orElse(null),
        message.map(Searchable.Message::role).orElse(null),
        message.flatMap(Searchable.Message::model).orElse(null),
        result.found().at(),
        result.snippet().pieces());
  }

  /**
   * A moment, or a day as a whole.
   *
   * @param daysLater 1 where the day is to be included
   */
  private static Instant time(String field, String text, int daysLater) {
    try {
      return text.contains("T")
          ? OffsetDateTime.parse(text).toInstant()
          : LocalDate.parse(text).plusDays(daysLater).atStartOfDay(ZoneOffset.UTC).toInstant();
    } catch (DateTimeParseException e) {
      throw ParleyException.invalid(
          field + ": must be a day such as 2026-03-01, or a time such as 2026-03-01T12:00:00Z");
    }
  }

  private static int number(String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw ParleyException.invalid("limit: must be a whole number");
    }
  }
}
