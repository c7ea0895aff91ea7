package io.parley.gateway.identity;

import io.parley.gateway.Principal;

/**
 * A key that was just made: the one time that its secret is seen.
 *
 * @param principal whom a request with this key comes from
 * @param secret what clients send
 */
public record NewApiKey(Principal principal, String secret) {
  /** Without the secret, which must not reach a log by accident. */
  @Override
  public String toString() {
    return "NewApiKey[" + principal + "]";
  }
}
