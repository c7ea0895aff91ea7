package io.parley.gateway.resume;

import io.parley.common.ParleyException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The id of an event of a stream: {@code <message id>:<number>}. A client that comes back sends the
 * last one that it got ({@code Last-Event-ID}, HTML Standard, section 9.2) and gets what follows.
 *
 * @param messageId the answer, {@code msg_…}
 * @param number how many events the client has got; from 1, and 0 for none yet
 */
public record EventId(String messageId, int number) {
  /** The header that carries it. */
  public static final String HEADER = "last-event-id";

  private static final Pattern FORM =
      Pattern.compile("(msg_[0-9A-HJKMNP-TV-Z]{26}):(0|[1-9][0-9]{0,8})");

  /**
   * Reads what a client sent.
   *
   * @throws ParleyException INVALID_REQUEST if it is no id of an event
   */
  public static EventId parse(String header) {
    Matcher matcher = FORM.matcher(header);
    if (!matcher.matches()) {
      throw ParleyException.invalid(
          HEADER + ": must be the id of an event, such as msg_01ARZ3NDEKTSV4RRFFQ69G5FAV:7");
    }
    return new EventId(matcher.group(1), Integer.parseInt(matcher.group(2)));
  }

  @Override
  public String toString() {
    return messageId + ":" + number;
  }
}
