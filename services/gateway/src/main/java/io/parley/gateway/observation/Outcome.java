package io.parley.gateway.observation;

import static java.util.Objects.requireNonNull;

import io.parley.common.ErrorCode;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;

/**
 * What came of a request, and by whose doing.
 *
 * @param name {@code answered}, {@code refused} by a gate, {@code replayed}, {@code abandoned}, or
 *     an error's type as clients see it; there are no others
 */
public record Outcome(String name, Fault fault) {
  /** Who could have done better. */
  public enum Fault {
    /** Nobody: it went as it should. */
    NONE("none"),
    /** The client: its request is wrong, or it went away. */
    CLIENT("client"),
    /** A limit or the budget of the organisation. */
    LIMIT("limit"),
    /** This server: a fault, a time limit, no room. */
    SERVER("server");

    private final String wireName;

    Fault(String wireName) {
      this.wireName = wireName;
    }

    /** What metrics and reports call it. */
    public String wireName() {
      return wireName;
    }
  }

  /** The client has a whole answer. */
  public static final Outcome ANSWERED = new Outcome("answered", Fault.NONE);

  /** A gate refused the prompt or ended the answer. */
  public static final Outcome REFUSED = new Outcome("refused", Fault.NONE);

  /** It repeated an earlier request, and reads the answer of that one. */
  public static final Outcome REPLAYED = new Outcome("replayed", Fault.NONE);

  /** The client went away. */
  public static final Outcome ABANDONED = new Outcome("abandoned", Fault.CLIENT);

  private static final Map<ErrorCode, Outcome> FAILED = new EnumMap<>(ErrorCode.class);

  static {
    Arrays.stream(ErrorCode.values())
        .forEach(code -> FAILED.put(code, new Outcome(code.wireName(), faultOf(code))));
  }

  /** It failed. */
  public static Outcome failed(ErrorCode code) {
    return requireNonNull(FAILED.get(code));
  }

  private static Fault faultOf(ErrorCode code) {
    return switch (code) {
      case INVALID_REQUEST, AUTHENTICATION, PERMISSION, NOT_FOUND, CONFLICT, REQUEST_TOO_LARGE ->
          Fault.CLIENT;
      case BILLING, RATE_LIMIT -> Fault.LIMIT;
      case API, TIMEOUT, OVERLOADED -> Fault.SERVER;
    };
  }

  /** Whether it is none of those that an operator would want to hear of. */
  public boolean isWell() {
    return fault == Fault.NONE;
  }
}
