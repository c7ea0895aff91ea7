package io.parley.gateway.http;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Finds the endpoint for a method and a path. Immutable. */
final class Router {
  /** The route of requests that have none, in figures. */
  static final String UNMATCHED = "unmatched";

  private final List<Route> routes;
  private final List<Pattern> patterns;

  Router(List<Route> routes) {
    this.routes = List.copyOf(routes);
    this.patterns = routes.stream().map(Pattern::of).toList();
  }

  /**
   * One entry of the table.
   *
   * @param path literal segments, and parameters in braces
   */
  record Route(String method, String path, Endpoint endpoint) {}

  /** A route with its path taken apart. */
  private record Pattern(Route route, List<String> segments) {
    static Pattern of(Route route) {
      return new Pattern(route, List.of(Router.segments(route.path())));
    }

    boolean matches(String[] path) {
      if (segments.size() != path.length) {
        return false;
      }
      for (int i = 0; i < path.length; i++) {
        String own = segments.get(i);
        boolean parameter = own.startsWith("{") && !path[i].isEmpty();
        if (!parameter && !own.equals(path[i])) {
          return false;
        }
      }
      return true;
    }
  }

  /**
   * @param route the template that matched, for figures
   */
  record Match(String route, Endpoint endpoint) {}

  List<Route> routes() {
    return routes;
  }

  /** Always finds an endpoint: that of the route, or one that says what is wrong. */
  Match match(String method, @Nullable String path) {
    String[] segments = segments(path == null ? "" : path);
    List<Route> candidates = new ArrayList<>();
    for (Pattern pattern : patterns) {
      if (pattern.matches(segments)) {
        Route route = pattern.route();
        if (route.method().equals(method)) {
          return new Match(route.path(), route.endpoint());
        }
        candidates.add(route);
      }
    }
    return candidates.isEmpty() ? unknownPath(path) : wrongMethod(method, candidates);
  }

  private static Match unknownPath(@Nullable String path) {
    return new Match(
        UNMATCHED, exchange -> exchange.fail(ErrorReply.unknownPath(path == null ? "" : path)));
  }

  private static Match wrongMethod(String method, List<Route> routes) {
    String path = routes.getFirst().path();
    String allowed = routes.stream().map(Route::method).collect(Collectors.joining(", "));
    return new Match(
        path,
        exchange -> {
          exchange.request().response().putHeader("allow", allowed);
          exchange.fail(ErrorReply.wrongMethod(method, path, allowed));
        });
  }

  private static String[] segments(String path) {
    return path.split("/", -1);
  }
}
