package io.parley.training.batch;

/** Text to token ids; special tokens in the text are text. */
@FunctionalInterface
public interface TextEncoder {
  int[] encode(String text);
}
