package io.parley.gateway.messages;

import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;
import io.parley.common.TimeSource;
import io.parley.common.Ulid;
import io.parley.gateway.Principal;
import io.parley.gateway.Scope;
import io.parley.gateway.circuit.Circuits;
import io.parley.gateway.circuit.Passage;
import io.parley.gateway.observation.Observation;
import io.parley.gateway.observation.Outcome;
import io.parley.gateway.observation.Stage;
import io.parley.gateway.observation.Timeline;
import io.parley.ports.model.GenerationEvent;
import io.parley.ports.model.GenerationListener;
import io.parley.ports.model.GenerationRequest;
import io.parley.ports.model.ModelDescriptor;
import io.parley.ports.model.ModelPool;
import io.parley.ports.model.ServiceClass;
import io.parley.ports.model.Usage;
import io.parley.safety.Admission;
import io.parley.safety.AdmittedPrompt;
import io.parley.safety.GateContext;
import io.parley.safety.InputGuard;
import io.parley.safety.OutputGuard;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way of a request through the gateway, from top to bottom: authenticate, read, validate, find
 * out whether it is a repeat, resolve the model, or one in its place if it keeps failing, fit the
 * prompt to it, pass the input gate, take from the limits, generate; from there the {@link Answer}
 * takes over, behind the output gate, and settles it in the end. Thread-safe; {@link #serve}
 * blocks.
 */
public final class MessagesPipeline {
  private static final Logger log = LoggerFactory.getLogger(MessagesPipeline.class);

  private final Authentication authentication;
  private final RequestReader reader;
  private final ModelNames names;
  private final Circuits circuits;
  private final InputGuard inputGuard;
  private final Turnstile turnstile;
  private final ModelPool models;
  private final OutputGuard outputGuard;
  private final Accounts accounts;
  private final Observation observation;
  private final GatewayMeters meters;
  private final TimeSource time;
  private final Ulid ids;

  public MessagesPipeline(
      Authentication authentication,
      RequestReader reader,
      ModelPool models,
      Circuits circuits,
      InputGuard inputGuard,
      Turnstile turnstile,
      OutputGuard outputGuard,
      Accounts accounts,
      Observation observation,
      GatewayMeters meters,
      TimeSource time,
      Ulid ids) {
    this.authentication = authentication;
    this.reader = reader;
    this.names = new ModelNames(models);
    this.circuits = circuits;
    this.inputGuard = inputGuard;
    this.turnstile = turnstile;
    this.models = models;
    this.outputGuard = outputGuard;
    this.accounts = accounts;
    this.observation = observation;
    this.meters = meters;
    this.time = time;
    this.ids = ids;
  }

  /**
   * A call that has come so far that it is known what to answer, and on what terms. What the stages
   * know of a request they find here.
   */
  private record Work(
      Call call, Principal principal, String messageId, MessagesRequest request, Passage passage) {
    ModelDescriptor model() {
      return passage.model();
    }

    void passed(Stage stage) {
      call.timeline().passed(stage);
    }
  }

  /**
   * Serves one call. When it returns, the answer is on its way. The answer ends the call's
   * timeline, or the one who made the call, if this throws.
   *
   * @throws ParleyException when the call fails before there is anything to answer
   */
  public void serve(Call call) {
    call.timeline().passed(Stage.DISPATCH);
    Principal principal = authentication.principal(call.head(), Scope.MESSAGES);
    call.timeline().passed(Stage.AUTHENTICATE);
    serve(call, principal);
  }

  /**
   * Serves a call whose sender is known already.
   *
   * @throws ParleyException when the call fails before there is anything to answer
   */
  public void serve(Call call, Principal principal) {
    Timeline timeline = call.timeline();
    timeline.sentBy(principal);
    byte[] body = call.body();
    MessagesRequest request = reader.messages(body);
    timeline.passed(Stage.READ);
    String messageId = "msg_" + ids.next();
    boolean first = call.claim(principal, messageId, body, request.stream());
    timeline.passed(Stage.CLAIM);
    if (first) {
      enter(call, principal, messageId, request);
    } else {
      timeline.end(Outcome.REPLAYED, new Usage(0, 0));
    }
  }

  private void enter(Call call, Principal principal, String messageId, MessagesRequest request) {
    ModelDescriptor wanted = names.resolve(request.model());
    call.timeline().answeredBy(wanted.id());
    Passage passage = circuits.enter(principal.organisationId(), wanted);
    call.timeline().answeredBy(passage.model().id());
    call.timeline().passed(Stage.CIRCUIT);
    try {
      answer(new Work(call, principal, messageId, request, passage));
    } catch (RuntimeException e) {
      passage.nothingLearnt();
      throw e;
    }
  }

  private void answer(Work work) {
    Call call = work.call;
    work.passage.insteadOf().ifPresent(id -> call.headers(Map.of("parley-model-fallback", id)));
    PromptFitting.Fitted fitted =
        PromptFitting.fit(work.request.conversation(), work.request.notices(), work.model());
    call.notice(fitted.notice());
    work.passed(Stage.FIT);
    Accepted accepted = accepted(work);
    GateContext context =
        new GateContext(accepted.requestId(), work.principal.organisationId(), work.model().id());
    Admission admission = inputGuard.admit(context, fitted.prompt());
    work.passed(Stage.INPUT_GATE);
    switch (admission) {
      case Admission.Refused(var refusal) -> {
        work.passage.nothingLearnt();
        Answer answer = answer(work, accepted, context, Hold.NONE);
        call.deliver(answer);
        call.run(() -> answer.refuse(refusal));
      }
      case Admission.Admitted(AdmittedPrompt prompt) -> generate(work, accepted, context, prompt);
    }
  }

  private void generate(Work work, Accepted accepted, GateContext context, AdmittedPrompt prompt) {
    Hold hold = hold(work, accepted, prompt);
    work.passed(Stage.LIMITS);
    try {
      Answer answer = answer(work, accepted, context, hold);
      GenerationRequest request = generation(context, accepted, prompt, work.request);
      answer.waiting(
          observation.occupancy().enter(context.organisationId(), request.serviceClass()));
      GenerationListener listener = work.call.deliver(answer);
      generate(request, answer, listener);
      work.passed(Stage.TOKENIZE);
    } catch (RuntimeException e) {
      hold.release();
      throw e;
    }
  }

  private Accepted accepted(Work work) {
    return new Accepted(
        work.call.head().requestId(),
        work.messageId,
        work.principal,
        work.model().id(),
        work.call.endUser().or(work.request::endUser),
        work.call.serviceTier(),
        time.now().toEpochMilli(),
        work.request.conversation().cacheTtl());
  }

  private Hold hold(Work work, Accepted accepted, AdmittedPrompt prompt) {
    int estimated = PromptSize.estimatedTokens(prompt.prompt());
    return turnstile.enter(
        accepted, work.model(), estimated, work.request.maxTokens(), work.call::headers);
  }

  private Answer answer(Work work, Accepted accepted, GateContext context, Hold hold) {
    Timeline timeline = work.call.timeline();
    return new Answer(
        new AnswerHead(
            accepted.messageId(), accepted.modelId(), accepted.cacheTtl(), accepted.serviceTier()),
        outputGuard.open(context),
        work.call.writer(work.request.stream()),
        new AnswerMeter(meters, observation.answer(timeline), timeline),
        new Settlement(accepted, work.passage, hold, accounts, timeline),
        work.call);
  }

  /** The one place where a request for a generation is made, and it takes an admitted prompt. */
  private static GenerationRequest generation(
      GateContext context, Accepted accepted, AdmittedPrompt admitted, MessagesRequest request) {
    return new GenerationRequest(
        context.requestId(),
        context.organisationId(),
        accepted.principal().share(),
        context.modelId(),
        admitted.prompt(),
        request.maxTokens(),
        request.sampling(),
        request.stopSequences(),
        accepted.serviceTier().equals(Accepted.BATCH)
            ? ServiceClass.BATCH
            : ServiceClass.INTERACTIVE);
  }

  /** From here on the answer has its listener, so a refusal by the model goes the same way. */
  private void generate(GenerationRequest request, Answer answer, GenerationListener listener) {
    try {
      answer.attach(models.generate(request, listener));
    } catch (ParleyException e) {
      listener.on(
          new GenerationEvent.Failed(
              e.code(), String.valueOf(e.getMessage()), new Usage(0, 0), e.retryAfterMs()));
    } catch (RuntimeException e) {
      log.error("request {} failed", request.requestId(), e);
      listener.on(new GenerationEvent.Failed(ErrorCode.API, "Internal error", new Usage(0, 0)));
    }
  }
}
