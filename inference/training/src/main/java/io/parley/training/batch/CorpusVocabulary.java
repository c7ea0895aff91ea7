package io.parley.training.batch;

import io.parley.model.tokenizer.Vocabulary;
import io.parley.training.bpe.BpeTrainer;
import io.parley.training.corpus.Conversation;
import io.parley.training.corpus.Message;
import java.util.function.LongFunction;

/** The vocabulary that the beginning of a corpus asks for. */
public final class CorpusVocabulary {
  /** Tokens of the models that ship. */
  public static final int SIZE = 2048;

  /** Conversations that the models that ship were counted on. */
  public static final int CONVERSATIONS = 60_000;

  private CorpusVocabulary() {}

  /**
   * Learns a vocabulary.
   *
   * @param count how many conversations are read, from the first
   * @param size number of tokens; fewer come out of a text with little variety
   */
  public static Vocabulary learn(LongFunction<Conversation> conversations, int count, int size) {
    BpeTrainer trainer = new BpeTrainer();
    for (long index = 0; index < count; index++) {
      for (Message message : conversations.apply(index).messages()) {
        trainer.add(message.text());
      }
    }
    return trainer.train(size);
  }
}
