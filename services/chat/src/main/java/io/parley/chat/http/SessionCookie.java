package io.parley.chat.http;

import io.parley.chat.users.SessionToken;
import java.time.Duration;
import java.util.Optional;

/**
 * The cookie that carries a session: no script can read it, and a foreign page's requests bring it
 * along only when it sends the person here.
 */
record SessionCookie(Duration life) {
  static Optional<SessionToken> presented(ChatCall call) {
    return call.cookie(Sessions.COOKIE).flatMap(SessionToken::of);
  }

  void set(ChatCall call, SessionToken token) {
    write(call, token.secret(), life.toSeconds());
  }

  void clear(ChatCall call) {
    write(call, "", 0);
  }

  private static void write(ChatCall call, String value, long maxAgeSeconds) {
    call.replyHeader(
        "set-cookie",
        "%s=%s; Path=/; Max-Age=%d; HttpOnly; SameSite=Lax%s"
            .formatted(Sessions.COOKIE, value, maxAgeSeconds, call.isSecure() ? "; Secure" : ""));
  }
}
