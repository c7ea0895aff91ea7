package io.parley.training.cli;

import io.parley.model.tokenizer.Vocabulary;
import io.parley.training.batch.CorpusVocabulary;
import io.parley.training.bpe.TokenizerFile;
import io.parley.training.corpus.Corpus;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tokenizer}: learns the vocabulary that all presets share. */
@Command(
    name = "tokenizer",
    description = "Learns the tokenizer that all models share from the corpus.")
@SuppressWarnings("NullAway.Init") // Fields are set by picocli.
final class TokenizerCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(names = "--out", required = true, description = "the tokenizer.json to write")
  private Path out;

  @Option(names = "--seed", description = "of the corpus (default ${DEFAULT-VALUE})")
  private long seed = 1;

  @Option(names = "--vocabulary", description = "number of tokens (default ${DEFAULT-VALUE})")
  private int size = CorpusVocabulary.SIZE;

  @Option(
      names = "--conversations",
      description = "conversations to count words in (default ${DEFAULT-VALUE})")
  private int conversations = CorpusVocabulary.CONVERSATIONS;

  @Override
  public Integer call() throws Exception {
    Corpus corpus = new Corpus(seed);
    Vocabulary vocabulary = CorpusVocabulary.learn(corpus::training, conversations, size);
    if (out.toAbsolutePath().getParent() != null) {
      Files.createDirectories(out.toAbsolutePath().getParent());
    }
    TokenizerFile.write(out, vocabulary);
    spec.commandLine().getOut().printf("%s: %d tokens%n", out, vocabulary.tokens().size());
    return 0;
  }
}
