package io.parley.chat.http;

import io.parley.chat.conversations.StaleVersionException;
import io.parley.common.ErrorCode;
import java.util.Map;

/** Routes whose requests may come too late: they are told what there is now. */
final class Conflicts {
  private Conflicts() {}

  /** A route for who has a session. */
  static ChatRoute route(String method, String path, ChatEndpoint endpoint) {
    return ChatRoute.signedIn(
        method,
        path,
        call -> {
          try {
            endpoint.serve(call);
          } catch (StaleVersionException e) {
            call.reply(409, body(call, e));
          }
        });
  }

  private static Map<String, Object> body(ChatCall call, StaleVersionException e) {
    return Map.of(
        "type",
        "error",
        "error",
        Map.of("type", ErrorCode.CONFLICT.wireName(), "message", String.valueOf(e.getMessage())),
        "current",
        ConversationView.of(e.current()),
        "request_id",
        call.requestId());
  }
}
