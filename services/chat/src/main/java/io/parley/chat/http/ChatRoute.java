package io.parley.chat.http;

/**
 * One entry of the table of what chat answers.
 *
 * @param path below {@link ChatHttp#ROOT}: literal segments, and parameters after a colon
 * @param access who may call it
 */
public record ChatRoute(String method, String path, Access access, ChatEndpoint endpoint) {
  /** Who may call a route. */
  public enum Access {
    /** Who has a session; what changes something also needs its CSRF token. */
    SIGNED_IN,
    /** Anybody, but nothing changes at the request of a page from elsewhere. */
    ANYBODY
  }

  public static ChatRoute signedIn(String method, String path, ChatEndpoint endpoint) {
    return new ChatRoute(method, path, Access.SIGNED_IN, endpoint);
  }

  public static ChatRoute anybody(String method, String path, ChatEndpoint endpoint) {
    return new ChatRoute(method, path, Access.ANYBODY, endpoint);
  }
}
