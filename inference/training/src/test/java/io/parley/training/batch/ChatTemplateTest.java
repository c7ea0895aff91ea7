package io.parley.training.batch;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.model.gguf.GgufFile;
import io.parley.model.template.ChatTemplate;
import io.parley.model.template.Turn;
import io.parley.model.tensor.TensorType;
import io.parley.model.tokenizer.BytePairTokenizer;
import io.parley.model.tokenizer.Vocabulary;
import io.parley.training.bpe.BpeTrainer;
import io.parley.training.corpus.Conversation;
import io.parley.training.corpus.Corpus;
import io.parley.training.corpus.Message;
import io.parley.training.corpus.Role;
import io.parley.training.export.LlamaGguf;
import io.parley.training.llama.LlamaShape;
import io.parley.training.llama.ParameterLayout;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChatTemplateTest {
  private static final int CONVERSATIONS = 200;

  @TempDir private Path directory;

  @Test
  void servingReadsAConversationAsTrainingDid() throws IOException {
    try (GgufFile file = GgufFile.open(model())) {
      BytePairTokenizer tokenizer = BytePairTokenizer.from(file);
      ChatTemplate template = ChatTemplate.from(file, tokenizer);
      ConversationEncoder training = new ConversationEncoder(tokenizer::encode);
      Corpus corpus = new Corpus(5);
      for (int index = 0; index < CONVERSATIONS; index++) {
        List<Message> messages = corpus.training(index).messages();
        int[] trained = upToTheAnswer(training, messages);
        List<Message> asked = messages.subList(0, messages.size() - 1);
        assertThat(template.render("", turns(asked))).as("%s", messages).isEqualTo(trained);
      }
    }
  }

  @Test
  void aSystemPromptIsNotPutBeforeAModelThatNeverSawOne() throws IOException {
    try (GgufFile file = GgufFile.open(model())) {
      ChatTemplate template = ChatTemplate.from(file, BytePairTokenizer.from(file));
      assertThat(template.readsSystemPrompt()).isFalse();
      List<Turn> turns = List.of(Turn.user("hello"));
      assertThat(template.render("be brief", turns)).isEqualTo(template.render("", turns));
    }
  }

  /** The conversation without the last answer and the token that ends it. */
  private static int[] upToTheAnswer(ConversationEncoder encoder, List<Message> messages) {
    List<Message> emptied = new ArrayList<>(messages);
    emptied.set(messages.size() - 1, new Message(Role.ASSISTANT, ""));
    int[] tokens = encoder.encode(new Conversation("any", emptied)).tokens();
    return Arrays.copyOf(tokens, tokens.length - 1);
  }

  private static List<Turn> turns(List<Message> messages) {
    return messages.stream()
        .map(
            message ->
                message.role() == Role.USER
                    ? Turn.user(message.text())
                    : Turn.assistant(message.text()))
        .toList();
  }

  private Path model() throws IOException {
    Vocabulary vocabulary = new BpeTrainer().train(261);
    LlamaShape shape = LlamaShape.toy(261);
    Path file = directory.resolve("toy.gguf");
    float[] weights = new float[new ParameterLayout(shape).size()];
    new LlamaGguf("toy", Instant.EPOCH, shape, vocabulary, weights).write(file, TensorType.F32);
    return file;
  }
}
