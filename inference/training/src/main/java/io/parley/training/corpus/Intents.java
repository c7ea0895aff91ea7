package io.parley.training.corpus;

import java.util.List;
import java.util.random.RandomGenerator;

/** Intents with one canonical answer each, asked in many ways: small talk, and who Parley is. */
final class Intents implements ConversationSource {
  private static final int CASES = 120;

  private final String category;
  private final List<Intent> intents;

  /**
   * @param resource a file whose sections are intents
   */
  Intents(String category, String resource) {
    this.category = category;
    this.intents = Section.read(resource).stream().map(Intent::of).toList();
  }

  @Override
  public String category() {
    return category;
  }

  @Override
  public List<Message> training(RandomGenerator random) {
    Intent intent = Draw.one(random, intents);
    return ConversationSource.exchange(intent.asks().typed(random), intent.answer());
  }

  @Override
  public List<EvaluationCase> heldOut(RandomGenerator random) {
    return intents.stream()
        .flatMap(
            intent ->
                intent.asks().heldOut().stream()
                    .limit(Math.max(1, CASES / intents.size()))
                    .map(ask -> EvaluationCase.single(category, ask, intent.answer())))
        .toList();
  }
}
