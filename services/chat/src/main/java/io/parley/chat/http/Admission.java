package io.parley.chat.http;

import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides who is let through to a route. A request that changes something must show that a page of
 * this server made it: with a session by the token that only such a page can read, without one by
 * what browsers say of where the request comes from (OWASP, Cross-Site Request Forgery Prevention).
 * Thread-safe; may block.
 */
final class Admission {
  static final String CSRF_HEADER = "x-parley-csrf";
  private static final Set<String> HARMLESS = Set.of("GET", "HEAD");
  private static final Set<String> OWN_SITES = Set.of("same-origin", "none");

  private final Sessions sessions;

  Admission(Sessions sessions) {
    this.sessions = sessions;
  }

  /**
   * The session of a request; empty if it has none and needs none.
   *
   * @throws ParleyException AUTHENTICATION or PERMISSION
   */
  Optional<Session> admit(HttpServerRequest request, ChatRoute.Access access) {
    boolean harmless = HARMLESS.contains(request.method().name());
    Optional<Session> session = session(request);
    if (access == ChatRoute.Access.SIGNED_IN) {
      Session found = session.orElseThrow(Admission::noSession);
      if (!harmless) {
        requireToken(request, found);
      }
    } else if (!harmless) {
      requireOwnPage(request);
    }
    return session;
  }

  private Optional<Session> session(HttpServerRequest request) {
    Cookie cookie = request.getCookie(Sessions.COOKIE);
    return cookie == null ? Optional.empty() : sessions.find(cookie.getValue());
  }

  private static void requireToken(HttpServerRequest request, Session session) {
    String token = request.getHeader(CSRF_HEADER);
    if (token == null || !equal(token, session.csrfToken())) {
      throw new ParleyException(
          ErrorCode.PERMISSION,
          CSRF_HEADER + ": must be the csrf_token that " + ChatHttp.ROOT + "/me tells");
    }
  }

  private static void requireOwnPage(HttpServerRequest request) {
    String site = request.getHeader("sec-fetch-site");
    if ((site != null && !OWN_SITES.contains(site))
        || foreign(request.getHeader("origin"), request)) {
      throw new ParleyException(
          ErrorCode.PERMISSION, "origin: this may be asked by a page of this server only");
    }
  }

  private static boolean foreign(@Nullable String origin, HttpServerRequest request) {
    if (origin == null) {
      return false;
    }
    int scheme = origin.indexOf("://");
    return scheme < 0 || !origin.substring(scheme + 3).equals(String.valueOf(request.authority()));
  }

  private static boolean equal(String given, String expected) {
    return MessageDigest.isEqual(
        given.getBytes(StandardCharsets.UTF_8), expected.getBytes(StandardCharsets.UTF_8));
  }

  private static ParleyException noSession() {
    return new ParleyException(ErrorCode.AUTHENTICATION, "You are not signed in");
  }
}
