package io.parley.gateway.http;

import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;
import io.parley.gateway.Principal;
import io.parley.gateway.administration.Actor;
import io.parley.gateway.administration.Administrator;
import io.parley.gateway.administration.PageRequest;
import io.parley.gateway.json.Field;
import io.parley.gateway.json.JsonBody;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * One authenticated request of the Admin API. Whoever sends it acts for the organisation of the key
 * and for no other: a path names no organisation, so there is none to get wrong. Belongs to the
 * working thread.
 */
final class AdminCall {
  /** What any id of ours looks like; whatever does not is not there. */
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9_]{1,64}");

  private final HttpCall call;
  private final String template;
  private final JsonBody bodies;
  private final Administrator by;

  AdminCall(HttpCall call, String template, JsonBody bodies, Principal principal) {
    this.call = call;
    this.template = template;
    this.bodies = bodies;
    this.by = new Administrator(Actor.adminKey(principal.apiKeyId()), principal.organisationId());
  }

  Administrator by() {
    return by;
  }

  /**
   * An id in the path, by the name of its parameter.
   *
   * @throws ParleyException NOT_FOUND if it is no id at all
   */
  String id(String parameter) {
    String[] names = template.split("/", -1);
    String[] values = call.path().split("/", -1);
    for (int i = 0; i < names.length; i++) {
      if (names[i].equals("{" + parameter + "}")) {
        if (!ID.matcher(values[i]).matches()) {
          throw new ParleyException(ErrorCode.NOT_FOUND, parameter + ": there is none of that id");
        }
        return values[i];
      }
    }
    throw new IllegalArgumentException(template + " has no " + parameter);
  }

  /** The body, an object with no other fields than those. */
  Field body(Set<String> fields) {
    return bodies.parse(call.body()).object(fields);
  }

  Optional<String> query(String name) {
    return Optional.ofNullable(call.query(name));
  }

  /** All values of a parameter that may be there several times. */
  List<String> queries(String name) {
    return call.queries(name);
  }

  boolean flag(String name) {
    return switch (query(name).orElse("false")) {
      case "true" -> true;
      case "false" -> false;
      default -> throw ParleyException.invalid(name + ": must be true or false");
    };
  }

  /** Which part of a list the query asks for. */
  PageRequest page() {
    return new PageRequest(limit(), cursor("after_id"), cursor("before_id"));
  }

  private int limit() {
    String text = query("limit").orElse(Integer.toString(PageRequest.DEFAULT_LIMIT));
    // What is no number at all is as far off as zero, and refused in the same words.
    return text.matches("[0-9]{1,9}") ? Integer.parseInt(text) : 0;
  }

  private Optional<String> cursor(String name) {
    Optional<String> id = query(name);
    if (id.isPresent() && !ID.matcher(id.get()).matches()) {
      throw ParleyException.invalid(name + ": must be an id");
    }
    return id;
  }
}
