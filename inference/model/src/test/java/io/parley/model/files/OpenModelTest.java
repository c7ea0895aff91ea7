package io.parley.model.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parley.model.family.SampleModel;
import io.parley.model.safetensors.SampleDirectory;
import io.parley.model.source.ModelFileException;
import io.parley.model.template.Turn;
import io.parley.model.tensor.TensorType;
import io.parley.model.tokenizer.SampleVocabulary;
import io.parley.model.tokenizer.Vocabulary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OpenModelTest {
  private static final Vocabulary VOCABULARY = SampleVocabulary.learn("qwen2", 50);
  private static final int SIZE = VOCABULARY.tokens().size();
  private static final String TEMPLATE =
      "{{ bos_token }}{% for m in messages %}<|user|>{{ m.content }}{{ eos_token }}{% endfor %}";
  private static final List<Turn> CONVERSATION = List.of(Turn.user("the fox <|end|>"));

  @TempDir Path directory;

  private static SampleModel sample() {
    SampleModel.Sizes sizes = new SampleModel.Sizes(SIZE, 64, 32, 1, 2, 1, 16, 32);
    return new SampleModel("qwen3", sizes, TensorType.F32, true, 1);
  }

  private int[] fromGguf() throws IOException {
    SampleModel model = sample();
    model.metadata.putAll(VOCABULARY.metadata());
    model.metadata.put("tokenizer.chat_template", TEMPLATE);
    Path file = directory.resolve("model.gguf");
    model.write(file);
    try (OpenModel open = OpenModel.open(file)) {
      return open.template().render("", CONVERSATION);
    }
  }

  @Test
  void aDirectoryServesTheModelThatAFileServes() throws IOException {
    new SampleDirectory(sample()).write(directory, 2);
    Files.writeString(directory.resolve("tokenizer.json"), SampleVocabulary.json(VOCABULARY));
    Files.writeString(
        directory.resolve("tokenizer_config.json"),
        """
        {"bos_token":{"content":"<|begin|>"},"eos_token":"<|end|>",
         "chat_template":[{"name":"tools","template":"x"},{"name":"default","template":"%s"}]}
        """
            .formatted(TEMPLATE));
    Files.writeString(directory.resolve("generation_config.json"), "{\"eos_token_id\":[1,4]}");
    try (OpenModel open = OpenModel.open(directory)) {
      assertThat(open.template().render("", CONVERSATION)).isEqualTo(fromGguf());
      assertThat(open.tokenizer().endOfTurnTokens()).containsExactlyInAnyOrder(1, 4);
      assertThat(open.tokenizer().vocabularySize()).isEqualTo(SIZE);
    }
    Files.writeString(directory.resolve("chat_template.jinja"), "<|system|>" + TEMPLATE);
    try (OpenModel open = OpenModel.open(directory)) {
      assertThat(open.template().render("", CONVERSATION)).startsWith(4, 0);
    }
  }

  @Test
  void aModelWithoutATemplateIsRefused() throws IOException {
    new SampleDirectory(sample()).write(directory, 1);
    Files.writeString(directory.resolve("tokenizer.json"), SampleVocabulary.json(VOCABULARY));
    assertThatThrownBy(() -> OpenModel.open(directory))
        .isInstanceOf(ModelFileException.class)
        .hasMessageContaining("no chat template");
  }
}
