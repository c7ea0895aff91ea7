package io.parley.safety;

/** What became of a prompt at the input gate. */
public sealed interface Admission {
  /** It may be generated from. */
  record Admitted(AdmittedPrompt prompt) implements Admission {}

  /** It may not. */
  record Refused(Refusal refusal) implements Admission {}
}
