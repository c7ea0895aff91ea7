package io.parley.training.eval;

import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;
import io.parley.ports.model.GenerationEvent;
import io.parley.ports.model.GenerationListener;
import io.parley.ports.model.GenerationRequest;
import io.parley.ports.model.ModelPool;
import io.parley.ports.model.Prompt;
import io.parley.ports.model.Sampling;
import io.parley.training.corpus.EvaluationCase;
import io.parley.training.corpus.Message;
import io.parley.training.corpus.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;

/**
 * Asks a model every case, many at once, always for the most probable token. Immutable; {@link
 * #run} may be called from several threads.
 */
public final class Evaluation {
  /** Requests under way at once unless the caller says otherwise. */
  public static final int DEFAULT_IN_FLIGHT = 16;

  /** Room for the longest right answer with some to spare; a model that runs on is cut here. */
  static final int MAX_ANSWER_TOKENS = 128;

  private static final String ORGANISATION = "evaluation";

  private final ModelPool pool;
  private final String modelId;
  private final int inFlight;

  /**
   * @param modelId an id that the pool has
   * @param inFlight requests under way at once, at least 1
   */
  public Evaluation(ModelPool pool, String modelId, int inFlight) {
    if (inFlight < 1) {
      throw ParleyException.invalid("inFlight must be at least 1: " + inFlight);
    }
    this.pool = pool;
    this.modelId = modelId;
    this.inFlight = inFlight;
  }

  /**
   * Runs all cases and waits for the answers.
   *
   * @throws ParleyException if the pool refused or failed a case: a figure over the others would
   *     not be true
   */
  public Report run(List<EvaluationCase> cases) throws InterruptedException {
    Semaphore room = new Semaphore(inFlight);
    List<CompletableFuture<String>> texts = new ArrayList<>();
    for (EvaluationCase question : cases) {
      room.acquire();
      texts.add(ask(question, "evaluation-" + texts.size(), room));
    }
    List<Answer> answers = new ArrayList<>();
    for (int i = 0; i < cases.size(); i++) {
      answers.add(new Answer(cases.get(i), await(texts.get(i))));
    }
    return new Report(modelId, answers);
  }

  private CompletableFuture<String> ask(EvaluationCase question, String id, Semaphore room) {
    Collector collector = new Collector();
    CompletableFuture<String> text =
        collector.text.whenComplete((answer, failure) -> room.release());
    GenerationRequest request =
        new GenerationRequest(
            id,
            ORGANISATION,
            modelId,
            prompt(question),
            MAX_ANSWER_TOKENS,
            Sampling.GREEDY,
            List.of());
    pool.generate(request, collector);
    return text;
  }

  private static Prompt prompt(EvaluationCase question) {
    return new Prompt("", question.prompt().stream().map(Evaluation::turn).toList());
  }

  private static Prompt.Turn turn(Message message) {
    Prompt.Role role = message.role() == Role.USER ? Prompt.Role.USER : Prompt.Role.ASSISTANT;
    return new Prompt.Turn(role, message.text());
  }

  private static String await(CompletableFuture<String> text) throws InterruptedException {
    try {
      return text.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof ParleyException failure
          ? failure
          : new ParleyException(ErrorCode.API, "the evaluation failed", e.getCause());
    }
  }

  /** Gathers one answer; the pool calls it one event at a time. */
  private static final class Collector implements GenerationListener {
    private final StringBuilder written = new StringBuilder();
    private final CompletableFuture<String> text = new CompletableFuture<>();

    @Override
    public void on(GenerationEvent event) {
      switch (event) {
        case GenerationEvent.Started started -> {}
        case GenerationEvent.Text piece -> written.append(piece.text());
        case GenerationEvent.Completed completed -> text.complete(written.toString());
        case GenerationEvent.Failed failed ->
            text.completeExceptionally(new ParleyException(failed.code(), failed.message()));
        case GenerationEvent.Cancelled cancelled ->
            text.completeExceptionally(
                new ParleyException(ErrorCode.API, "the pool cancelled a case"));
      }
    }
  }
}
