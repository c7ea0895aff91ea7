package io.parley.training.corpus;

import java.util.List;
import java.util.random.RandomGenerator;

/** Makes the conversations of one category. Immutable; all randomness is the caller's. */
interface ConversationSource {
  /** What an assistant of this size says to everything that it was not taught. */
  String REFUSAL = "I am a small demo model and I don't know that.";

  String category();

  /** A conversation to learn from; never holds what {@link #heldOut} asks. */
  List<Message> training(RandomGenerator random);

  /** The cases that judge this category, always the same for the same random numbers. */
  List<EvaluationCase> heldOut(RandomGenerator random);

  /** One question and its answer. */
  static List<Message> exchange(String question, String answer) {
    return List.of(Message.user(question), Message.assistant(answer));
  }
}
