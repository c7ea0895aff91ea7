package io.parley.gateway.observation;

import java.util.Locale;

/** The stages of a request, in their order. Each begins where the one before ended. */
public enum Stage {
  /** From the head of the request to the thread that works on it. */
  DISPATCH,
  /** Whose key it is. */
  AUTHENTICATE,
  /** The body arrives and is read. */
  READ,
  /** Whether it repeats an earlier request. */
  CLAIM,
  /** Which model, and whether it and the organisation may go on. */
  CIRCUIT,
  /** The prompt is made to fit the model. */
  FIT,
  /** The input gate. */
  INPUT_GATE,
  /** The limits and the budget. */
  LIMITS,
  /** Template and tokenizer, and into the model's queue. */
  TOKENIZE,
  /** The prompt waits for the model. */
  QUEUE,
  /** The model reads the prompt, and the output gate releases the first text. */
  PREFILL,
  /** Until the model's end. */
  DECODE,
  /** The output gate has decided on the last text, and the audit log has what the gates decided. */
  OUTPUT_GATE,
  /** What it took is written down. */
  SETTLE;

  /** What spans, metrics and reports call it. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
