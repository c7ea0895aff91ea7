package io.parley.gateway.messages;

import io.parley.ports.model.Prompt;

/** About how many tokens a prompt takes, before a tokenizer has seen it. */
final class PromptSize {
  /** What text takes in the tokenizers of today's models, rather too few than too many. */
  private static final int CHARS_PER_TOKEN = 3;

  /** What a template adds around a turn. */
  private static final int TOKENS_PER_TURN = 8;

  private PromptSize() {}

  static int estimatedTokens(Prompt prompt) {
    long chars = prompt.system().length();
    for (Prompt.Turn turn : prompt.turns()) {
      chars += turn.text().length();
    }
    long tokens =
        Math.ceilDiv(chars, CHARS_PER_TOKEN) + (long) TOKENS_PER_TURN * prompt.turns().size();
    return (int) Math.min(tokens, Integer.MAX_VALUE);
  }
}
