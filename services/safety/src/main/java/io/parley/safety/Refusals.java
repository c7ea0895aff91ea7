package io.parley.safety;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/** How both guards log: ids and categories, never a word of prompt or answer. */
final class Refusals {
  private Refusals() {}

  static void log(Logger log, GateContext context, String category) {
    log.info(
        "refused: category={} request={} organisation={} model={}",
        category,
        context.requestId(),
        context.organisationId(),
        context.modelId());
  }

  /** The exception's message may quote the text, so only its class and its frames are logged. */
  static GateDecision failed(Logger log, GateContext context, @Nullable Throwable cause) {
    log.error(
        "a gate threw {}: request={} at {}",
        cause == null ? "nothing" : cause.getClass().getName(),
        context.requestId(),
        cause == null || cause.getStackTrace().length == 0 ? "?" : cause.getStackTrace()[0]);
    return new GateDecision.Refuse(Refusal.GATE_FAILED);
  }
}
