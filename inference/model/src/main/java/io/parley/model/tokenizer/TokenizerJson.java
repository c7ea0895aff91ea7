package io.parley.model.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import io.parley.model.source.ModelFileException;
import io.parley.model.source.StrictJson;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Reads {@code tokenizer.json} of Hugging Face's library (github.com/huggingface/tokenizers):
 * byte-level BPE, and BPE in the manner of SentencePiece. What the file asks for beyond that is
 * refused by name, for a tokenizer that is nearly right makes a model that is nearly right.
 */
public final class TokenizerJson {
  /** Bytes of a file. */
  public static final long MAX_BYTES = 128L << 20;

  private final TokenizerJsonParts parts;
  private final Settings settings;

  private TokenizerJson(TokenizerJsonParts parts, Settings settings) {
    this.parts = parts;
    this.settings = settings;
  }

  /**
   * What other files say about the tokens.
   *
   * @param begin spelling of the token that begins a text
   * @param end spelling of the token that ends one
   * @param endIds more tokens that end a turn
   * @param vocabularySize how many tokens the model has: as many as there are in the file, or more
   */
  public record Settings(
      Optional<String> begin, Optional<String> end, Set<Integer> endIds, int vocabularySize) {
    public Settings {
      endIds = Set.copyOf(endIds);
    }
  }

  /**
   * Reads a tokenizer.
   *
   * @throws ModelFileException if the file is damaged or asks for something that is not supported
   * @throws IOException if it cannot be read
   */
  public static Tokenizer read(Path file, Settings settings) throws IOException {
    try {
      TokenizerJsonParts parts = StrictJson.read(file, MAX_BYTES, TokenizerJsonParts::read);
      return new TokenizerJson(parts, settings).tokenizer();
    } catch (IllegalArgumentException e) {
      throw new ModelFileException(file + ": " + e.getMessage());
    }
  }

  private Tokenizer tokenizer() {
    parts.model().requireSupported();
    return parts.model().byteFallback() ? sentencePiece() : byteLevel();
  }

  private Tokenizer byteLevel() {
    PreTokenizer rule = PreTokenizerJson.recognise(parts.preTokenizer());
    boolean whole = parts.model().ignoreMerges();
    // Tekken's merges lead to every token, so that for it both come to the same.
    if (whole != rule.wholeTokensFirst() && rule != PreTokenizer.TEKKEN) {
      throw new IllegalArgumentException(
          "model.ignore_merges: %s is not what pre-tokenizer %s goes with".formatted(whole, rule));
    }
    List<String> tokens = tokens();
    Set<Integer> special = special(true);
    return new BytePairTokenizer(
        new Vocabulary(
            tokens,
            parts.model().merges(),
            special,
            special(false),
            rule.ggufName(),
            find(settings.begin(), tokens),
            find(settings.end(), tokens),
            ends(tokens, special)),
        NormalizerJson.composes(parts.normalizer()));
  }

  private Tokenizer sentencePiece() {
    List<String> tokens = tokens();
    Set<Integer> special = special(true);
    return new SentencePieceTokenizer(
        new PieceVocabulary(
            tokens,
            new PieceVocabulary.MergeOrder.Merges(parts.model().merges()),
            special,
            special(false),
            Set.of(),
            NormalizerJson.prefix(parts.normalizer(), parts.preTokenizer()),
            find(settings.begin(), tokens),
            find(settings.end(), tokens),
            ends(tokens, special)));
  }

  /** All tokens by id; ids that no token has get a spelling that no text is cut into. */
  private List<String> tokens() {
    List<String> tokens = new ArrayList<>();
    for (int id = 0; id < settings.vocabularySize(); id++) {
      tokens.add("[PAD" + id + "]");
    }
    parts.model().vocabulary().forEach((token, id) -> set(tokens, id, token));
    parts.addedTokens().forEach(token -> set(tokens, token.id(), token.content()));
    return tokens;
  }

  private static void set(List<String> tokens, int id, String token) {
    if (id < 0 || id >= tokens.size()) {
      throw new IllegalArgumentException(
          "token \"%s\" has id %d, which must be in [0, %d), as there are rows of embeddings"
              .formatted(token, id, tokens.size()));
    }
    tokens.set(id, token);
  }

  private Set<Integer> special(boolean special) {
    Set<Integer> out = new HashSet<>();
    for (TokenizerJsonParts.AddedToken token : parts.addedTokens()) {
      boolean isSpecial = token.special() || TokenKeys.looksSpecial(token.content());
      if (isSpecial == special) {
        out.add(token.id());
      }
    }
    return out;
  }

  private Set<Integer> ends(List<String> tokens, Set<Integer> special) {
    Set<Integer> ends = TokenKeys.wellKnownEnds(tokens, special);
    ends.addAll(settings.endIds());
    find(settings.end(), tokens).ifPresent(ends::add);
    return ends;
  }

  private OptionalInt find(Optional<String> spelling, List<String> tokens) {
    if (spelling.isEmpty()) {
      return OptionalInt.empty();
    }
    int id = tokens.indexOf(spelling.get());
    if (id < 0) {
      throw new IllegalArgumentException(
          "there is no token \"%s\", which tokenizer_config.json names".formatted(spelling.get()));
    }
    return OptionalInt.of(id);
  }

  /** The kind of a component, "null" if there is none. */
  static String type(JsonNode component) {
    return component.path("type").asText("null");
  }
}
