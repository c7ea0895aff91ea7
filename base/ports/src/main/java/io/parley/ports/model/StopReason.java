package io.parley.ports.model;

/** Why a model stopped by itself. */
public enum StopReason {
  /** It ended its turn. */
  END_TURN,
  /** It wrote as many tokens as it was allowed. */
  MAX_TOKENS,
  /** It wrote one of the request's stop sequences. */
  STOP_SEQUENCE,
  /** Prompt and answer together fill the model's context. */
  CONTEXT_WINDOW_EXCEEDED
}
