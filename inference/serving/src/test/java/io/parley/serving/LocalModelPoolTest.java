package io.parley.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;
import io.parley.common.TimeSource;
import io.parley.engine.Engine;
import io.parley.engine.EngineLimits;
import io.parley.engine.ModelRunner;
import io.parley.engine.PrefixCacheSettings;
import io.parley.engine.Scheduler;
import io.parley.engine.SchedulerOptions;
import io.parley.engine.StepResult;
import io.parley.ports.model.CachePoint;
import io.parley.ports.model.GenerationEvent.Completed;
import io.parley.ports.model.GenerationEvent.Ended;
import io.parley.ports.model.GenerationEvent.Started;
import io.parley.ports.model.GenerationRequest;
import io.parley.ports.model.ModelDescriptor;
import io.parley.ports.model.Prompt;
import io.parley.ports.model.Sampling;
import io.parley.ports.model.Share;
import io.parley.ports.model.StopReason;
import io.parley.ports.model.Usage;
import io.parley.serving.AliasTable.Alias;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LocalModelPoolTest {
  private static final EngineLimits LIMITS = new EngineLimits(32, 8, 8, 16, 2, 3);

  private final ServedModel small = model("small", "2026-01-01T00:00:00Z", new NextLetterRunner());
  private final ServedModel large = model("large", "2026-02-01T00:00:00Z", anyLetter());
  private final LocalModelPool pool =
      new LocalModelPool(
          List.of(small, large),
          new AliasTable(List.of(new Alias("claude-*", "large"), new Alias("small", "large"))),
          new SplittableRandom(1));

  @AfterEach
  void close() {
    pool.close();
  }

  @Test
  void listsTheNewestFirst() {
    assertThat(pool.models()).extracting(ModelDescriptor::id).containsExactly("large", "small");
  }

  @Test
  void findsByIdFirstThenByAlias() {
    assertThat(pool.find("small")).contains(small.descriptor());
    assertThat(pool.find("claude-9")).contains(large.descriptor());
    assertThat(pool.find("other")).isEmpty();
  }

  @Test
  void anAliasOfAMissingModelIsAConfigurationError() {
    AliasTable wrong = new AliasTable(List.of(new Alias("claude-*", "huge")));
    assertThatThrownBy(() -> new LocalModelPool(List.of(small), wrong, new SplittableRandom(1)))
        .isInstanceOf(ParleyException.class)
        .hasMessageContaining("huge")
        .hasMessageContaining("small");
  }

  @Test
  void twoModelsOfOneNameAreAConfigurationError() {
    assertThatThrownBy(
            () ->
                new LocalModelPool(
                    List.of(small, small), AliasTable.EMPTY, new SplittableRandom(1)))
        .isInstanceOf(ParleyException.class)
        .hasMessageContaining("small");
  }

  @Test
  void countsAndGeneratesWithTheModelsOwnTokens() throws Exception {
    assertThat(pool.countTokens("small", prompt("q r!"))).isEqualTo(2);
    Heard heard = new Heard();
    pool.generate(request("small", "x", Sampling.GREEDY, "z"), heard);
    assertThat(heard.awaitEnd())
        .isEqualTo(new Completed(StopReason.STOP_SEQUENCE, "z", new Usage(1, 2)));
    assertThat(heard.text()).isEqualTo("y");
    assertThat(pool.gauges("small").tokensGenerated()).isEqualTo(2);
    assertThat(pool.gauges("large").tokensGenerated()).isZero();
  }

  @Test
  void anOrganisationWithManyRequestsDoesNotKeepAnotherWaiting() throws Exception {
    Semaphore permits = new Semaphore(0);
    NextLetterRunner letters = new NextLetterRunner();
    ServedModel slow =
        model(
            "slow",
            "2026-03-01T00:00:00Z",
            plan -> {
              permits.acquireUninterruptibly();
              return letters.run(plan);
            });
    List<String> ends = new CopyOnWriteArrayList<>();
    List<Heard> all = new ArrayList<>();
    try (LocalModelPool busy =
        new LocalModelPool(List.of(slow), AliasTable.EMPTY, new SplittableRandom(1))) {
      // Two run; until the first step begins all wait, and there is room for three who do.
      for (String organisation : List.of("many", "many", "many", "many", "few")) {
        Heard heard = new Heard();
        all.add(heard);
        busy.generate(
            request("slow", organisation, "x", Sampling.GREEDY),
            event -> {
              if (event instanceof Ended) {
                ends.add(organisation);
              }
              heard.on(event);
            });
        if (all.size() == 2) {
          permits.release(1);
          all.get(0).awaitFirstText();
          permits.release(1);
          all.get(1).awaitFirstText();
        }
      }
      permits.release(1000);
      for (Heard heard : all) {
        heard.awaitEnd();
      }
    }
    // It came last. One of those before it may still be served first: if the two that ran were all
    // that the engine had seen, it was idle when they ended, and an idle engine forgets who took
    // what.
    assertThat(ends.indexOf("few")).isLessThan(4);
  }

  @Test
  void anOrganisationRunsNoMoreAtOnceThanItsShareAllows() throws Exception {
    Semaphore permits = new Semaphore(0);
    AtomicInteger mostRows = new AtomicInteger();
    NextLetterRunner letters = new NextLetterRunner();
    ServedModel slow =
        model(
            "slow",
            "2026-03-01T00:00:00Z",
            plan -> {
              permits.acquireUninterruptibly();
              mostRows.accumulateAndGet(plan.rows(), Math::max);
              return letters.run(plan);
            });
    List<Heard> all = new ArrayList<>();
    try (LocalModelPool busy =
        new LocalModelPool(List.of(slow), AliasTable.EMPTY, new SplittableRandom(1))) {
      for (int i = 0; i < 3; i++) {
        Heard heard = new Heard();
        all.add(heard);
        busy.generate(
            new GenerationRequest(
                "r", "one", new Share(1, 1), "slow", prompt("x"), 20, Sampling.GREEDY, List.of()),
            heard);
      }
      permits.release(1000);
      for (Heard heard : all) {
        heard.awaitEnd();
      }
    }
    assertThat(mostRows).hasValue(1);
  }

  @Test
  void theSameSeedGivesTheSameTextAndNoSeedAFreshOne() throws Exception {
    String seeded = text(new Sampling(1, 0, 1, OptionalLong.of(7)));
    assertThat(text(new Sampling(1, 0, 1, OptionalLong.of(7)))).isEqualTo(seeded);
    Sampling unseeded = new Sampling(1, 0, 1, OptionalLong.empty());
    assertThat(text(unseeded)).isNotEqualTo(text(unseeded));
  }

  @Test
  void theUseOfTheCacheIsToldForTheMarkedPartOfAPromptInWholeBlocks() throws Exception {
    // 24 tokens, of which 20 are marked: two blocks of 8, and a rest of 8.
    assertThat(usage("one", marked(20))).isEqualTo(new Usage(8, 1, 16, 0));
    assertThat(usage("one", marked(20))).isEqualTo(new Usage(8, 1, 0, 16));
    assertThat(usage("one", marked(8))).isEqualTo(new Usage(16, 1, 0, 8));
    assertThat(usage("one", marked(24))).isEqualTo(new Usage(0, 1, 8, 16));
    assertThat(usage("one", marked(7))).as("no whole block").isEqualTo(new Usage(24, 1, 0, 0));
    assertThat(usage("one", prompt(LETTERS))).as("no marker").isEqualTo(new Usage(24, 1, 0, 0));
    assertThat(usage("two", marked(20))).as("a stranger").isEqualTo(new Usage(8, 1, 16, 0));
  }

  private static final String LETTERS = "abcdefghabcdefghabcdefgh";

  private static Prompt marked(int chars) {
    List<Prompt.Turn> turns = List.of(new Prompt.Turn(Prompt.Role.USER, LETTERS));
    return new Prompt("", turns, new CachePoint(0, chars));
  }

  private Usage usage(String organisation, Prompt prompt) throws Exception {
    Heard heard = new Heard();
    pool.generate(
        new GenerationRequest("r", organisation, "small", prompt, 1, Sampling.GREEDY, List.of()),
        heard);
    Usage usage = heard.awaitEnd().usage();
    assertThat(((Started) heard.events().getFirst()).usage()).isEqualTo(usage.withOutput(0));
    return usage;
  }

  @Test
  void anUnknownModelIsNotFound() {
    assertNotFound(() -> pool.countTokens("other", prompt("x")));
    assertNotFound(() -> pool.generate(request("other", "x", Sampling.GREEDY), new Heard()));
    assertNotFound(() -> pool.gauges("other"));
  }

  @Test
  void aPromptThatFillsTheContextIsRefused() {
    GenerationRequest request = request("small", "a".repeat(32), Sampling.GREEDY);
    assertThatThrownBy(() -> pool.generate(request, new Heard()))
        .isInstanceOfSatisfying(
            ParleyException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_REQUEST));
  }

  @Test
  void aClosedPoolHasNoModelsAndRefuses() {
    pool.close();
    assertThat(pool.models()).isEmpty();
    GenerationRequest request = request("small", "x", Sampling.GREEDY);
    assertThatThrownBy(() -> pool.generate(request, new Heard()))
        .isInstanceOfSatisfying(
            ParleyException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.OVERLOADED));
  }

  private String text(Sampling sampling) throws Exception {
    Heard heard = new Heard();
    pool.generate(request("large", "a", sampling), heard);
    heard.awaitEnd();
    return heard.text();
  }

  private static void assertNotFound(ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            ParleyException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND));
  }

  private static GenerationRequest request(
      String model, String text, Sampling sampling, String... stops) {
    return request(model, "organisation", text, sampling, stops);
  }

  private static GenerationRequest request(
      String model, String organisation, String text, Sampling sampling, String... stops) {
    return new GenerationRequest(
        "r", organisation, model, prompt(text), 20, sampling, List.of(stops));
  }

  private static Prompt prompt(String text) {
    return new Prompt("", List.of(new Prompt.Turn(Prompt.Role.USER, text)));
  }

  private static ModelRunner anyLetter() {
    return plan -> new StepResult(new float[plan.rows() * 27], plan.rows(), 27);
  }

  private ServedModel model(String id, String createdAt, ModelRunner runner) {
    EngineLoop loop =
        EngineLoop.start(
            LIMITS,
            () ->
                new Engine(
                    new Scheduler(
                        LIMITS,
                        new Alphabet(),
                        SchedulerOptions.PLAIN.with(new PrefixCacheSettings(true, 1, 2))),
                    runner,
                    TimeSource.system()),
            TimeSource.system(),
            Thread.ofPlatform().daemon().factory());
    ModelDescriptor descriptor =
        new ModelDescriptor(
            id, id, Instant.parse(createdAt), LIMITS.contextTokens(), false, false, false);
    return new ServedModel(descriptor, Alphabet::encode, loop, true);
  }
}
