package io.parley.training.cli;

import io.parley.model.tokenizer.Vocabulary;
import io.parley.training.corpus.Corpus;
import java.nio.charset.StandardCharsets;
import java.util.TreeSet;
import java.util.zip.CRC32C;

/** Tells one corpus and vocabulary from another, so that a run is not continued on other data. */
final class DataFingerprint {
  private static final int CONVERSATIONS = 200;

  private DataFingerprint() {}

  static String of(Corpus corpus, Vocabulary vocabulary) {
    CRC32C crc = new CRC32C();
    for (long index = 0; index < CONVERSATIONS; index++) {
      crc.update(corpus.training(index).toString().getBytes(StandardCharsets.UTF_8));
    }
    crc.update(text(vocabulary).getBytes(StandardCharsets.UTF_8));
    return Long.toHexString(crc.getValue());
  }

  /** Sorted, because sets have another order in every process, and a run may go on in another. */
  private static String text(Vocabulary vocabulary) {
    return String.join(
        "\n",
        vocabulary.tokens().toString(),
        vocabulary.merges().toString(),
        new TreeSet<>(vocabulary.special()).toString(),
        vocabulary.preTokenizer(),
        vocabulary.begin().toString(),
        vocabulary.end().toString(),
        new TreeSet<>(vocabulary.endOfTurn()).toString());
  }
}
