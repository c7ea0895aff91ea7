package io.parley.gateway.http;

import io.parley.common.ErrorCode;
import io.parley.gateway.messages.CountTokensPipeline;
import io.parley.gateway.messages.MessagesPipeline;
import io.parley.gateway.observation.Outcome;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /v1/messages}, {@code GET /v1/messages/{message_id}/events} and {@code POST
 * /v1/messages/count_tokens}: admits as many calls at once as the limits allow and hands them to
 * their stages. Belongs to one event loop.
 */
final class MessagesEndpoints {
  private final Edge edge;
  private final EventLoop loop;
  private final MessagesPipeline messages;
  private final CountTokensPipeline countTokens;
  private final EventsEndpoint events;

  MessagesEndpoints(
      Edge edge,
      EventLoop loop,
      MessagesPipeline messages,
      CountTokensPipeline countTokens,
      EventsEndpoint events) {
    this.edge = edge;
    this.loop = loop;
    this.messages = messages;
    this.countTokens = countTokens;
    this.events = events;
  }

  void create(Exchange exchange) {
    ErrorReply refusal = admit(exchange);
    if (refusal == null) {
      HttpCall.observe(exchange, loop, edge, messages::serve);
    } else {
      edge.parts()
          .observation()
          .begin(exchange.requestId(), exchange.receivedNanos(), Optional.empty())
          .fail(Outcome.failed(refusal.code()), refusal.message());
    }
  }

  void events(Exchange exchange) {
    admit(exchange, events::read);
  }

  void countTokens(Exchange exchange) {
    admit(exchange, this::count);
  }

  private void count(HttpCall call) {
    int tokens = countTokens.count(call);
    call.reply(
        200,
        Json.bytes(
            json -> {
              json.writeStartObject();
              json.writeNumberField("input_tokens", tokens);
              json.writeEndObject();
            }));
  }

  private void admit(Exchange exchange, Consumer<HttpCall> work) {
    if (admit(exchange) == null) {
      HttpCall.begin(exchange, loop, edge, work);
    }
  }

  /** Takes a place for a call, or refuses it; returns why. */
  private @Nullable ErrorReply admit(Exchange exchange) {
    ErrorReply refusal = null;
    if (edge.isDraining()) {
      refusal = ErrorReply.shuttingDown();
    } else if (!edge.takeCall()) {
      refusal = ErrorReply.of(ErrorCode.OVERLOADED, "Too many requests are under way");
    }
    if (refusal == null) {
      exchange.hold(new CallSlot(edge::giveUpCall));
    } else {
      exchange.fail(refusal);
    }
    return refusal;
  }
}
