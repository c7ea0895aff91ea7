package io.parley.gateway.idempotency;

import io.parley.common.ParleyException;
import io.parley.gateway.Principal;
import java.util.regex.Pattern;

/**
 * The name that a client gave to a request, within what it belongs to. The same name of another
 * organisation, or of another workspace, is another key.
 *
 * @param workspaceId empty for the organisation itself
 * @param value what the client sent
 */
public record IdempotencyKey(String organisationId, String workspaceId, String value) {
  /** Characters of a key. */
  public static final int MAX_CHARS = 255;

  private static final Pattern FORM = Pattern.compile("[\\x21-\\x7e]{1," + MAX_CHARS + "}");

  /**
   * The key that a client sent.
   *
   * @param header the name of the header, for messages
   * @throws ParleyException INVALID_REQUEST that names the header
   */
  public static IdempotencyKey of(Principal principal, String header, String value) {
    if (!FORM.matcher(value).matches()) {
      throw ParleyException.invalid(
          header + ": must have 1 to " + MAX_CHARS + " visible ASCII characters");
    }
    return new IdempotencyKey(
        principal.organisationId(), principal.workspaceId().orElse(""), value);
  }
}
