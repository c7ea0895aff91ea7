package io.parley.serving.decoder;

import io.parley.common.ParleyException;
import io.parley.engine.EngineLimits;
import io.parley.engine.Vocabulary;
import io.parley.model.decoder.DecoderModel;
import io.parley.model.family.Families;
import io.parley.model.files.OpenModel;
import io.parley.model.kernel.Kernels;
import io.parley.model.source.ModelFileException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;

/** Reads the smaller model that guesses for another, and makes sure that it speaks the same. */
record DraftModel(String name, DecoderModel model) {
  /**
   * Reads the model.
   *
   * @param name of the model for which it guesses
   * @throws ParleyException INVALID_REQUEST if its tokens are others or its context is shorter
   */
  static DraftModel load(
      String name, Path file, Vocabulary vocabulary, EngineLimits limits, Kernels kernels)
      throws IOException {
    try (OpenModel files = OpenModel.open(file)) {
      requireSameTokens(name, new TokenizerVocabulary(files.tokenizer()), vocabulary);
      DecoderModel model = Families.load(files.source(), kernels);
      int context = model.config().contextTokens();
      if (context < limits.contextTokens()) {
        throw refused(
            name,
            "its context of %d tokens is shorter than the model's %d"
                .formatted(context, limits.contextTokens()));
      }
      return new DraftModel(name, model);
    } catch (ModelFileException e) {
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
  double costBeside(DecoderModel target) {
    return (double) weights(model) / weights(target);
  }

  private static long weights(DecoderModel model) {
    return ModelLoader.layerWeights(model.config())
        + (long) model.config().width() * model.config().vocabularySize();
  }
}
