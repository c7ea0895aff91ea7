package io.parley.gateway.http;

/** Does what one request of the Admin API asks for, and says what the answer holds. May block. */
@FunctionalInterface
interface AdminEndpoint {
  /**
   * Does it.
   *
   * @throws io.parley.common.ParleyException if it cannot be done
   */
  Json.Body serve(AdminCall call);
}
