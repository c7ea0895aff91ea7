package io.parley.gateway.http;

import com.fasterxml.jackson.core.JsonGenerator;
import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;
import io.parley.gateway.Scope;
import io.parley.gateway.messages.Authentication;
import io.parley.gateway.observation.Timeline;
import io.parley.gateway.operations.Operations;
import io.parley.gateway.operations.OperationsJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.concurrent.Semaphore;

/**
 * The Operations API, for those who run the server: it shows what all organisations do, and takes
 * only keys with the scope {@code operations}. Thread-safe; every method blocks.
 */
final class OperationsEndpoint {
  static final String ROOT = "/operations/v1";

  /** Streams at once; one more gets a 529. */
  static final int MAX_STREAMS = 16;

  private static final long STREAM_INTERVAL_MS = 1_000;
  private static final int LATEST = 100;

  private final Authentication authentication;
  private final Operations operations;
  private final Edge edge;
  private final Semaphore streams = new Semaphore(MAX_STREAMS);

  OperationsEndpoint(Authentication authentication, Operations operations, Edge edge) {
    this.authentication = authentication;
    this.operations = operations;
    this.edge = edge;
  }

  /** {@code GET /operations/v1/overview}. */
  void overview(HttpCall call) {
    admit(call);
    call.reply(200, overview());
  }

  private byte[] overview() {
    return Json.bytes(json -> OperationsJson.overview(json, operations.overview()));
  }

  /** {@code GET /operations/v1/errors}: what did not end well, the latest first. */
  void errors(HttpCall call) {
    admit(call);
    call.reply(200, Json.bytes(json -> list(json, operations.requests().failed())));
  }

  /** {@code GET /operations/v1/requests}: what ended last, and before it what was slow. */
  void requests(HttpCall call) {
    admit(call);
    byte[] body =
        Json.bytes(
            json -> {
              json.writeStartObject();
              json.writeFieldName("latest");
              list(json, operations.requests().latest(LATEST));
              json.writeFieldName("slow");
              list(json, operations.requests().slow());
              json.writeEndObject();
            });
    call.reply(200, body);
  }

  private void list(JsonGenerator json, List<Timeline> requests) throws IOException {
    OperationsJson.requests(json, requests, operations.names(requests));
  }

  /** {@code GET /operations/v1/requests/{request_id}}: where it spent its time. */
  void request(HttpCall call) {
    admit(call);
    String id = call.path().substring((ROOT + "/requests/").length());
    Timeline found =
        operations
            .requests()
            .find(id)
            .orElseThrow(
                () ->
                    new ParleyException(
                        ErrorCode.NOT_FOUND,
                        "request_id: there is no such request, or it is too long ago"));
    Map<String, String> names = operations.names(List.of(found));
    call.reply(200, Json.bytes(json -> OperationsJson.request(json, found, names)));
  }

  /** {@code GET /operations/v1/stream}: the overview once a second, as server-sent events. */
  void stream(HttpCall call) {
    admit(call);
    if (!streams.tryAcquire()) {
      throw new ParleyException(
          ErrorCode.OVERLOADED, MAX_STREAMS + " streams are open already: try again later");
    }
    try {
      call.replyInPieces("text/event-stream; charset=utf-8", new Overviews(call));
    } finally {
      streams.release();
    }
  }

  private void admit(HttpCall call) {
    authentication.principal(call.head(), Scope.OPERATIONS);
    for (String name : call.queryNames()) {
      throw ParleyException.invalid(name + ": this path has no such query parameter");
    }
  }

  /** One event a second, as long as the client stays and the server goes on. */
  private final class Overviews implements Iterator<byte[]> {
    private final HttpCall call;
    private boolean begun;

    Overviews(HttpCall call) {
      this.call = call;
    }

    @Override
    public boolean hasNext() {
      boolean first = !begun;
      begun = true;
      return first || (!edge.isDraining() && call.waitsOn(STREAM_INTERVAL_MS));
    }

    @Override
    public byte[] next() {
      if (!begun) {
        throw new NoSuchElementException();
      }
      String event =
          "event: overview\ndata: " + new String(overview(), StandardCharsets.UTF_8) + "\n\n";
      return event.getBytes(StandardCharsets.UTF_8);
    }
  }
}
