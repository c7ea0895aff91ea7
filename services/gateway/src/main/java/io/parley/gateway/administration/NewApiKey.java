package io.parley.gateway.administration;

/**
 * A key that was just made: the one time that its secret is seen.
 *
 * @param organisationId whose key it is
 * @param secret what clients send
 */
public record NewApiKey(String organisationId, ApiKey key, String secret) {
  /** Without the secret, which must not reach a log by accident. */
  @Override
  public String toString() {
    return "NewApiKey[" + key + "]";
  }
}
