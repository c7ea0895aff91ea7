package io.parley.gateway.http;

import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;
import io.parley.gateway.Principal;
import io.parley.gateway.Scope;
import io.parley.gateway.administration.Page;
import io.parley.gateway.administration.PageRequest;
import io.parley.gateway.batches.Batch;
import io.parley.gateway.batches.BatchResult;
import io.parley.gateway.batches.Batches;
import io.parley.gateway.json.JsonBody;
import io.parley.gateway.messages.Authentication;
import io.parley.gateway.messages.RequestReader;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * {@code /v1/messages/batches}. A batch belongs to the workspace of the key that sent it: keys of
 * that see it and no others. Thread-safe; blocks.
 */
final class BatchesEndpoint {
  static final String ROOT = "/v1/messages/batches";

  private static final String JSON_LINES = "application/x-jsonl";
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9_]{1,64}");
  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9.:\\[\\]_-]{1,255}");

  /** Some clients put it on every request; it means nothing anywhere. */
  private static final String BETA = "beta";

  private final Authentication authentication;
  private final JsonBody bodies;
  private final RequestReader reader;
  private final Batches batches;

  BatchesEndpoint(
      Authentication authentication, JsonBody bodies, RequestReader reader, Batches batches) {
    this.authentication = authentication;
    this.bodies = bodies;
    this.reader = reader;
    this.batches = batches;
  }

  void create(HttpCall call) {
    Principal sender = sender(call, Set.of());
    reply(call, batches.create(sender, bodies.parse(call.body()), reader));
  }

  void list(HttpCall call) {
    Principal asking = sender(call, Set.of("limit", "after_id", "before_id"));
    PageRequest request =
        new PageRequest(limit(call), cursor(call, "after_id"), cursor(call, "before_id"));
    Page<Batch> page = batches.list(asking, request);
    BatchJson shapes = shapes(call);
    call.reply(200, Json.bytes(json -> shapes.page(json, page)));
  }

  void get(HttpCall call) {
    reply(call, batches.get(sender(call, Set.of()), id(call)));
  }

  void cancel(HttpCall call) {
    reply(call, batches.cancel(sender(call, Set.of()), id(call)));
  }

  void delete(HttpCall call) {
    String id = id(call);
    batches.delete(sender(call, Set.of()), id);
    call.reply(200, Json.bytes(json -> BatchJson.deleted(json, id)));
  }

  void results(HttpCall call) {
    Iterator<List<BatchResult>> results = batches.results(sender(call, Set.of()), id(call));
    call.replyInPieces(JSON_LINES, new Lines(results));
  }

  /** Results as bytes, as they are asked for. */
  private record Lines(Iterator<List<BatchResult>> results) implements Iterator<byte[]> {
    @Override
    public boolean hasNext() {
      return results.hasNext();
    }

    @Override
    public byte[] next() {
      return BatchJson.lines(results.next());
    }
  }

  private Principal sender(HttpCall call, Set<String> query) {
    Principal sender = authentication.principal(call.head(), Scope.MESSAGES);
    for (String name : call.queryNames()) {
      if (!query.contains(name) && !name.equals(BETA)) {
        throw ParleyException.invalid(name + ": this path has no such query parameter");
      }
    }
    return sender;
  }

  private static void reply(HttpCall call, Batch batch) {
    BatchJson shapes = shapes(call);
    call.reply(200, Json.bytes(json -> shapes.batch(json, batch)));
  }

  /**
   * Clients want a whole URL. It is made of how they reached this server; whoever lies about that
   * misleads nobody else.
   */
  private static BatchJson shapes(HttpCall call) {
    String scheme = "https".equals(call.header("x-forwarded-proto")) ? "https" : call.scheme();
    String host = Objects.requireNonNullElse(call.authority(), "");
    return new BatchJson(HOST.matcher(host).matches() ? scheme + "://" + host + ROOT : ROOT);
  }

  private static String id(HttpCall call) {
    String[] segments = call.path().substring(ROOT.length() + 1).split("/", -1);
    if (!ID.matcher(segments[0]).matches()) {
      throw new ParleyException(ErrorCode.NOT_FOUND, "message_batch_id: there is none of that id");
    }
    return segments[0];
  }

  private static int limit(HttpCall call) {
    String text = call.query("limit");
    if (text == null) {
      return PageRequest.DEFAULT_LIMIT;
    }
    // What is no number at all is as far off as zero, and refused in the same words.
    return text.matches("[0-9]{1,9}") ? Integer.parseInt(text) : 0;
  }

  private static Optional<String> cursor(HttpCall call, String name) {
    Optional<String> id = Optional.ofNullable(call.query(name));
    if (id.isPresent() && !ID.matcher(id.get()).matches()) {
      throw ParleyException.invalid(name + ": must be an id");
    }
    return id;
  }
}
