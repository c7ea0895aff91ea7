package io.parley.model.family;

import io.parley.model.decoder.DecoderVariant;

/** One family of models, which share an architecture. */
sealed interface Family permits Llama, SmolLm3, Qwen2, Qwen3, Gemma2, Gemma3 {
  /** The value of {@code general.architecture}. */
  String architecture();

  /**
   * What the family's layers are made of.
   *
   * @param layers transformer blocks of the model
   * @throws io.parley.model.source.ModelFileException if a key is missing, out of range, or asks
   *     for something that is not supported
   * @throws IllegalArgumentException if numbers do not fit each other
   */
  DecoderVariant variant(FamilyKeys keys, int layers);

  /** All families. */
  static Family[] all() {
    return new Family[] {
      new Llama(), new SmolLm3(), new Qwen2(), new Qwen3(), new Gemma2(), new Gemma3()
    };
  }
}
