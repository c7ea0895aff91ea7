package io.parley.training.bpe;

import java.util.List;

/** The tokens that structure a conversation; their ids are their places in {@link #ALL}. */
public final class SpecialTokens {
  /** Opens every sequence. */
  public static final int BEGIN = 0;

  /** Closes every message; a model that answers stops with it. */
  public static final int END = 1;

  /** Opens a message of the user. */
  public static final int USER = 2;

  /** Opens a message of the assistant. */
  public static final int ASSISTANT = 3;

  /** Opens a system prompt; reserved, not trained. */
  public static final int SYSTEM = 4;

  /** By id. */
  public static final List<String> ALL =
      List.of("<|begin|>", "<|end|>", "<|user|>", "<|assistant|>", "<|system|>");

  private SpecialTokens() {}
}
