package io.parley.gateway.messages;

import io.parley.ports.model.ModelDescriptor;
import java.util.Map;
import java.util.function.Consumer;

/** The stage that lets a request through if its organisation may have it now. Thread-safe. */
@FunctionalInterface
public interface Turnstile {
  /** Lets everybody through. */
  Turnstile OPEN = (request, model, estimatedInputTokens, maxOutputTokens, headers) -> Hold.NONE;

  /**
   * Takes what the request may need; may block.
   *
   * @param estimatedInputTokens about what the prompt will take; {@link Hold#started} tells exactly
   * @param maxOutputTokens what the answer may take at most
   * @param headers is given what the client is to see, by name, let through or not
   * @throws io.parley.common.ParleyException RATE_LIMIT if a limit refuses it, with the time after
   *     which it makes sense to try again; BILLING if there is no money left; nothing is held then
   */
  Hold enter(
      Accepted request,
      ModelDescriptor model,
      int estimatedInputTokens,
      int maxOutputTokens,
      Consumer<Map<String, String>> headers);
}
