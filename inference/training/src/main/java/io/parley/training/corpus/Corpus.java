package io.parley.training.corpus;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * The training corpus: endless, and a pure function of a seed and a position, so that the place of
 * a training run in its data is one number. Immutable and thread-safe.
 */
public final class Corpus {
  /** A source and its part of all conversations; the parts need not add up to 100. */
  private record Share(int percent, ConversationSource source) {}

  private static final double UNRELATED_TURNS_SHARE = 0.12;
  private static final double PREAMBLE_SHARE = 0.04;
  private static final int MOST_UNRELATED_TURNS = 3;

  /** Evaluation does not depend on the seed of training: figures stay comparable. */
  private static final long EVALUATION_SEED = 20_251_101;

  private static final RandomGeneratorFactory<RandomGenerator> GENERATORS =
      RandomGeneratorFactory.of("L64X128MixRandom");

  private final long seed;
  private final List<Share> mixture;
  private final List<ConversationSource> singleTurn;
  private final Preamble preamble = new Preamble();

  public Corpus(long seed) {
    this.seed = seed;
    Facts facts = new Facts();
    Unknown unknown = new Unknown();
    Arithmetic arithmetic = new Arithmetic();
    ProjectQuestions parley = new ProjectQuestions();
    TextTasks textTasks = new TextTasks();
    Intents smallTalk = new Intents("small-talk", "small-talk.txt");
    Intents identity = new Intents("identity", "identity.txt");
    Memory memory = new Memory(List.of(facts, arithmetic, smallTalk));
    mixture =
        List.of(
            new Share(27, facts),
            new Share(20, unknown),
            new Share(12, arithmetic),
            new Share(16, memory),
            new Share(8, parley),
            new Share(9, textTasks),
            new Share(5, smallTalk),
            new Share(3, identity));
    singleTurn = List.of(facts, unknown, arithmetic, parley, textTasks, smallTalk, identity);
  }

  /**
   * The conversation at a position.
   *
   * @param index from 0 on
   */
  public Conversation training(long index) {
    RandomGenerator random = GENERATORS.create(Draw.mix(Draw.mix(seed) ^ index));
    ConversationSource source = source(random);
    List<Message> messages = new ArrayList<>(source.training(random));
    if (messages.size() == 2 && Draw.chance(random, UNRELATED_TURNS_SHARE)) {
      messages.addAll(0, unrelated(random));
    }
    if (Draw.chance(random, PREAMBLE_SHARE)) {
      int turn = Draw.chance(random, 0.5) ? 0 : messages.size() - 2;
      messages.set(turn, Message.user(preamble.before(random, messages.get(turn).text())));
    }
    return new Conversation(source.category(), messages);
  }

  /** The fixed cases of every category, 60 to 200 each; the same for every seed. */
  public List<EvaluationCase> heldOut() {
    return mixture.stream()
        .map(Share::source)
        .flatMap(
            source ->
                source
                    .heldOut(GENERATORS.create(EVALUATION_SEED + source.category().hashCode()))
                    .stream())
        .toList();
  }

  private ConversationSource source(RandomGenerator random) {
    int point = random.nextInt(mixture.stream().mapToInt(Share::percent).sum());
    for (Share share : mixture) {
      point -= share.percent;
      if (point < 0) {
        return share.source;
      }
    }
    throw new AssertionError("the shares cover every point");
  }

  private List<Message> unrelated(RandomGenerator random) {
    List<Message> messages = new ArrayList<>();
    int turns = random.nextInt(1, MOST_UNRELATED_TURNS + 1);
    for (int i = 0; i < turns; i++) {
      messages.addAll(Draw.one(random, singleTurn).training(random));
    }
    return messages;
  }
}
