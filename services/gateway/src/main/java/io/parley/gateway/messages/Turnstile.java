package io.parley.gateway.messages;

import io.parley.gateway.Principal;
import io.parley.ports.model.ModelDescriptor;

/** The stage that lets a request through if its organisation may have it now. Thread-safe. */
@FunctionalInterface
public interface Turnstile {
  /** Lets everybody through. */
  Turnstile OPEN = (principal, model, estimatedInputTokens, maxOutputTokens) -> Hold.NONE;

  /**
   * Takes what the request may need; may block.
   *
   * @param estimatedInputTokens about what the prompt will take; {@link Hold#started} tells exactly
   * @param maxOutputTokens what the answer may take at most
   * @throws io.parley.common.ParleyException RATE_LIMIT if a limit refuses it, with the time after
   *     which it makes sense to try again; nothing is held then
   */
  Hold enter(
      Principal principal, ModelDescriptor model, int estimatedInputTokens, int maxOutputTokens);
}
