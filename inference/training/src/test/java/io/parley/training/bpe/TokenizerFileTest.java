package io.parley.training.bpe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import io.parley.common.ParleyException;
import io.parley.model.tokenizer.BytePairTokenizer;
import io.parley.model.tokenizer.Vocabulary;
import io.parley.training.corpus.Corpus;
import io.parley.training.corpus.EvaluationCase;
import io.parley.training.corpus.Message;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenizerFileTest {
  private static final List<String> ODD =
      List.of(
          "",
          " ",
          "  \n\t x",
          "Zürich naïve 日本語 👍🏽",
          "1234567890",
          "don't WE'LL",
          "\u00a0a\u3000b",
          "<|end",
          "a\r\n\r\nb  ",
          "\u0000\u007f",
          "(((]]]",
          "e\u0301");

  @TempDir private static Path directory;
  private static Path file = Path.of("");
  private static Vocabulary learned = new BpeTrainer().train(261);

  @BeforeAll
  static void learn() throws IOException {
    Corpus corpus = new Corpus(1);
    BpeTrainer trainer = new BpeTrainer();
    for (int i = 0; i < 2_000; i++) {
      corpus.training(i).messages().stream().map(Message::text).forEach(trainer::add);
    }
    learned = trainer.train(1024);
    file = directory.resolve("tokenizer.json");
    TokenizerFile.write(file, learned);
  }

  @Test
  void readsWhatItWrote() throws IOException {
    assertThat(learned.tokens()).hasSize(1024);
    assertThat(TokenizerFile.read(file)).isEqualTo(learned);
  }

  @Test
  void theReferenceImplementationGivesTheSameIds() throws IOException {
    BytePairTokenizer tokenizer = new BytePairTokenizer(learned);
    List<String> texts = new ArrayList<>(ODD);
    for (EvaluationCase question : new Corpus(1).heldOut()) {
      question.prompt().forEach(message -> texts.add(message.text()));
    }
    try (HuggingFaceTokenizer oracle =
        HuggingFaceTokenizer.newInstance(
            file, Map.of("addSpecialTokens", "false", "truncation", "false", "padding", "false"))) {
      for (String text : texts) {
        long[] ids = IntStream.of(tokenizer.encode(text)).asLongStream().toArray();
        assertThat(ids).as("%s", text).isEqualTo(oracle.encode(text, false, false).getIds());
      }
      assertThat(oracle.encode("<|end|>", false, false).getIds())
          .containsExactly(SpecialTokens.END);
    }
  }

  @Test
  void aPartThatIsOfAnotherTokenizerIsRefusedByName() throws IOException {
    assertRefused("\"<|begin|>\"", "\"<s>\"", "added_tokens");
    assertRefused("\"Isolated\"", "\"Removed\"", "pre_tokenizer");
    assertRefused("\"merges\"", "\"joins\"", "model.merges");
    assertRefused("\"<|begin|>\" : 0", "\"<|begin|>\" : 7", "model.vocab");
    assertRefused("\"vocab\"", "\"tokens\"", "model.vocab");
  }

  private static void assertRefused(String text, String replacement, String named)
      throws IOException {
    Path damaged = directory.resolve("damaged.json");
    String whole = Files.readString(file);
    assertThat(whole).contains(text);
    Files.writeString(damaged, whole.replace(text, replacement));
    assertThatThrownBy(() -> TokenizerFile.read(damaged))
        .isInstanceOf(ParleyException.class)
        .hasMessageContaining("damaged.json")
        .hasMessageContaining(named);
  }
}
