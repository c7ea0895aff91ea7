package io.parley.engine;

/** Why a sequence came to its own end. If several hold at once, the first of this list counts. */
public enum FinishReason {
  /** The text came to hold a stop sequence. */
  STOP_SEQUENCE,
  /** The model gave an end-of-turn token. */
  END_TURN,
  /** As many tokens were generated as the request allows. */
  MAX_TOKENS,
  /** Prompt and answer together fill the context. */
  CONTEXT_FULL
}
