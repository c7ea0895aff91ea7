package io.parley.serving.llama;

import io.parley.common.ParleyException;
import io.parley.engine.EngineLimits;
import io.parley.engine.Vocabulary;
import io.parley.model.gguf.GgufException;
import io.parley.model.gguf.GgufFile;
import io.parley.model.llama.LlamaModel;
import io.parley.model.tokenizer.BytePairTokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;

/** Reads the smaller model that guesses for another, and makes sure that it speaks the same. */
record DraftModel(String name, LlamaModel model) {
  /**
   * Reads the model.
   *
   * @param name of the model for which it guesses
   * @throws ParleyException INVALID_REQUEST if its tokens are others or its context is shorter
   */
  static DraftModel load(String name, Path file, Vocabulary vocabulary, EngineLimits limits)
      throws IOException {
    try (GgufFile gguf = GgufFile.open(file)) {
      requireSameTokens(name, new TokenizerVocabulary(BytePairTokenizer.from(gguf)), vocabulary);
      LlamaModel model = LlamaModel.load(gguf);
      int context = model.config().contextTokens();
      if (context < limits.contextTokens()) {
        throw refused(
            name,
            "its context of %d tokens is shorter than the model's %d"
                .formatted(context, limits.contextTokens()));
      }
      return new DraftModel(name, model);
    } catch (GgufException e) {
      throw refused(name, e.toString());
    }
  }

  private static void requireSameTokens(String name, Vocabulary draft, Vocabulary target) {
    if (draft.size() != target.size()) {
      throw refused(
          name, "it has %d tokens, and the model %d".formatted(draft.size(), target.size()));
    }
    for (int token = 0; token < draft.size(); token++) {
      if (!Arrays.equals(draft.bytes(token), target.bytes(token))
          || draft.isEndOfTurn(token) != target.isEndOfTurn(token)) {
        throw refused(name, "its token %d is not that of the model".formatted(token));
      }
    }
  }

  private static ParleyException refused(String name, String why) {
    return ParleyException.invalid("models.drafts.%s: %s".formatted(name, why));
  }

  /** What one of its tokens costs beside one of the other model. */
  double costBeside(LlamaModel target) {
    return (double) weights(model) / weights(target);
  }

  private static long weights(LlamaModel model) {
    return ModelLoader.layerWeights(model.config())
        + (long) model.config().width() * model.config().vocabularySize();
  }
}
