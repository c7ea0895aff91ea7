package io.parley.gateway.http;

import io.parley.common.ErrorCode;
import io.parley.gateway.messages.CountTokensPipeline;
import io.parley.gateway.messages.MessagesPipeline;
import java.util.function.Consumer;

/**
 * {@code POST /v1/messages} and {@code POST /v1/messages/count_tokens}: admits as many calls at
 * once as the limits allow and hands them to their pipelines. Belongs to one event loop.
 */
final class MessagesEndpoints {
  private final Edge edge;
  private final EventLoop loop;
  private final MessagesPipeline messages;
  private final CountTokensPipeline countTokens;

  MessagesEndpoints(
      Edge edge, EventLoop loop, MessagesPipeline messages, CountTokensPipeline countTokens) {
    this.edge = edge;
    this.loop = loop;
    this.messages = messages;
    this.countTokens = countTokens;
  }

  void create(Exchange exchange) {
    admit(exchange, messages::serve);
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
    if (edge.isDraining()) {
      exchange.fail(ErrorReply.shuttingDown());
    } else if (!edge.takeCall()) {
      exchange.fail(ErrorReply.of(ErrorCode.OVERLOADED, "Too many requests are under way"));
    } else {
      exchange.onFinish(edge::giveUpCall);
      HttpCall.begin(exchange, loop, edge, work);
    }
  }
}
