package io.parley.engine;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.parley.engine.EngineEvent.Ended;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What organisations that always have work get of the engine, in computed tokens. */
class FairnessTest {
  private static final int SEEDS = 60;
  private static final int STEPS = 1500;

  /** One organisation and what it asks for: prompts and answers of up to so many tokens. */
  private record Client(String name, SchedulingTerms terms, int prompt, int answer) {
    static Client of(String name, double weight, int prompt, int answer) {
      return new Client(
          name,
          new SchedulingTerms(
              name,
              weight,
              Integer.MAX_VALUE,
              PriorityClass.INTERACTIVE,
              SchedulingTerms.NO_TIME_LIMIT),
          prompt,
          answer);
    }
  }

  /** An engine whose clients always have more sequences waiting than a step could admit. */
  private static final class Load {
    final Steps steps;
    final int places;
    final TokenCost cost;
    final List<Client> clients;
    final SplittableRandom random;
    final Map<Long, Client> owners = new HashMap<>();
    final Map<Long, Integer> prompts = new HashMap<>();
    final Map<Client, Integer> waiting = new HashMap<>();
    final Map<Client, Double> service = new HashMap<>(); // divided by the weight
    long lastId;

    Load(EngineLimits limits, TokenCost cost, List<Client> clients, long seed) {
      this.steps = new Steps(limits, cost);
      this.places = limits.maxSequences();
      this.cost = cost;
      this.clients = clients;
      this.random = new SplittableRandom(seed);
    }

    void step() {
      for (Client client : clients) {
        while (waiting.getOrDefault(client, 0) <= places) {
          submit(client);
        }
      }
      StepPlan plan = steps.scheduler.schedule(0);
      plan.sequences().forEach(this::take);
      steps.scheduler.update(plan, saying(plan), 0).forEach(this::take);
      steps.scheduler.checkSums();
    }

    private void submit(Client client) {
      long id = ++lastId;
      int prompt = random.nextInt(1, client.prompt() + 1);
      owners.put(id, client);
      prompts.put(id, prompt);
      waiting.merge(client, 1, Integer::sum);
      steps.submit(id, prompt, random.nextInt(1, client.answer() + 1), client.terms());
    }

    private void take(ScheduledSequence part) {
      Client client = requireNonNull(owners.get(part.sequenceId()));
      int prompt = requireNonNull(prompts.get(part.sequenceId()));
      int from = part.startPosition();
      int to = from + part.tokens().length;
      if (from == 0) {
        waiting.merge(client, -1, Integer::sum);
      }
      double paid =
          cost.prefill(from, Math.min(to, prompt)) + cost.decode(Math.max(from, prompt), to);
      service.merge(client, paid / client.terms().weight(), Double::sum);
    }

    private void take(EngineEvent event) {
      if (event instanceof Ended) {
        owners.remove(event.sequenceId());
        prompts.remove(event.sequenceId());
      }
    }

    double service(Client client) {
      return service.getOrDefault(client, 0.0);
    }

    private static StepResult saying(StepPlan plan) {
      int size = Steps.VOCABULARY.size();
      float[] logits = new float[plan.rows() * size];
      for (int row = 0; row < plan.rows(); row++) {
        logits[row * size + 1] = 1;
      }
      return new StepResult(logits, plan.rows(), size);
    }
  }

  @Test
  void theGapBetweenBackloggedOrganisationsStaysWithinTheBound() {
    double tightest = 0;
    for (long seed = 1; seed <= SEEDS; seed++) {
      try {
        tightest = Math.max(tightest, playAgainstTheBound(seed));
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError("seed " + seed, e);
      }
    }
    assertThat(tightest).as("of the bound, in the worst trace").isBetween(0.1, 1.0);
  }

  /** Returns the largest gap as a part of the bound. */
  private static double playAgainstTheBound(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int context = random.nextInt(20, 120);
    int blockTokens = 1 << random.nextInt(4);
    int blocks = Math.ceilDiv(context, blockTokens) * random.nextInt(1, 4);
    int maxSequences = random.nextInt(1, 9);
    EngineLimits limits =
        new EngineLimits(
            context, blocks, blockTokens, maxSequences + random.nextInt(32), maxSequences, 100);
    TokenCost cost =
        new TokenCost(1, random.nextDouble(0.5, 4), random.nextInt(context / 4, 4 * context));
    List<Client> clients = new ArrayList<>();
    for (int i = random.nextInt(2, 5); i > 0; i--) {
      double weight = new double[] {0.5, 1, 1, 2, 5}[random.nextInt(5)];
      int prompt = random.nextInt(1, context);
      clients.add(Client.of("o" + i, weight, prompt, random.nextInt(1, context)));
    }
    return widestGap(new Load(limits, cost, clients, seed), limits);
  }

  private static double widestGap(Load load, EngineLimits limits) {
    Map<String, double[]> ranges = new HashMap<>();
    double widest = 0;
    for (int step = 0; step < STEPS; step++) {
      load.step();
      for (Client one : load.clients) {
        for (Client other : load.clients) {
          if (one.name().compareTo(other.name()) < 0) {
            double gap = load.service(one) - load.service(other);
            double[] range = ranges.computeIfAbsent(one + "/" + other, _ -> new double[2]);
            range[0] = Math.min(range[0], gap);
            range[1] = Math.max(range[1], gap);
            // between any two moments, the beginning among them
            double bound = bound(load, limits, one, other);
            assertThat(range[1] - range[0]).as("step " + step).isLessThanOrEqualTo(bound);
            widest = Math.max(widest, (range[1] - range[0]) / bound);
          }
        }
      }
    }
    return widest;
  }

  /** 2·(U + H) of {@link VirtualTokenCounters}. */
  private static double bound(Load load, EngineLimits limits, Client one, Client other) {
    int memory = limits.blocks() * limits.blockTokens();
    int end = limits.contextTokens();
    double prompt = load.cost.prefill(0, Math.max(one.prompt(), other.prompt()));
    double decode = memory * load.cost.decode(end - 1, end);
    double ahead = memory * load.cost.prefill(end - 1, end);
    double weight = Math.min(one.terms().weight(), other.terms().weight());
    return 2 * (prompt + decode + ahead) / weight;
  }

  @Test
  void organisationsWithWorkGetTheirWeightsShareWhateverTheyAskFor() {
    Client longContext = Client.of("long", 1, 100, 4);
    Client chatty = Client.of("chatty", 1, 4, 30);
    Client heavy = Client.of("heavy", 3, 20, 20);
    Load load =
        new Load(
            new EngineLimits(128, 64, 4, 32, 8, 100),
            new TokenCost(1, 2, 50),
            List.of(longContext, chatty, heavy),
            1);
    for (int step = 0; step < 6000; step++) {
      load.step();
    }
    double equal = load.service(chatty);
    assertThat(load.service(longContext) / equal).isBetween(0.95, 1.05);
    assertThat(load.service(heavy) / equal).isBetween(0.95, 1.05);
  }

  @Test
  void whereAttentionCostsALongContextGetsFewerTokensThanShortOnes() {
    TokenCost cost = new TokenCost(1, 2, 20);
    assertThat(cost.prefill(0, 100) / 100).isGreaterThan(2 * cost.prefill(0, 10) / 10);
    Steps steps = new Steps(new EngineLimits(128, 32, 4, 16, 1, 500), cost);
    for (int i = 0; i < 20; i++) {
      steps.submit(i, 100, 1, Steps.terms("long", PriorityClass.INTERACTIVE));
    }
    for (int i = 100; i < 400; i++) {
      steps.submit(i, 10, 1, Steps.terms("short", PriorityClass.INTERACTIVE));
    }
    while (steps.ended().size() < 200) {
      steps.step();
    }
    long longTokens = 100 * steps.ended().stream().filter(id -> id < 100).count();
    long shortTokens = 10 * steps.ended().stream().filter(id -> id >= 100).count();
    assertThat(longTokens).isPositive();
    assertThat((double) shortTokens / longTokens).isGreaterThan(2);
  }
}
