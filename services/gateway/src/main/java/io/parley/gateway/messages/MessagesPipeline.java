package io.parley.gateway.messages;

import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;
import io.parley.common.TimeSource;
import io.parley.common.Ulid;
import io.parley.gateway.Principal;
import io.parley.gateway.Scope;
import io.parley.gateway.circuit.Circuits;
import io.parley.gateway.circuit.Passage;
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
    this.meters = meters;
    this.time = time;
    this.ids = ids;
  }

  /**
   * Serves one call. When it returns, the answer is on its way.
   *
   * @throws ParleyException when the call fails before there is anything to answer
   */
  public void serve(Call call) {
    Principal principal = authentication.principal(call.head(), Scope.MESSAGES);
    serve(call, principal);
  }

  /**
   * Serves a call whose sender is known already.
   *
   * @throws ParleyException when the call fails before there is anything to answer
   */
  public void serve(Call call, Principal principal) {
    byte[] body = call.body();
    MessagesRequest request = reader.messages(body);
    String messageId = "msg_" + ids.next();
    if (call.claim(principal, messageId, body, request.stream())) {
      answer(call, principal, messageId, request);
    }
  }

  private void answer(Call call, Principal principal, String messageId, MessagesRequest request) {
    Passage passage = circuits.enter(principal.organisationId(), names.resolve(request.model()));
    try {
      answer(call, principal, messageId, request, passage);
    } catch (RuntimeException e) {
      passage.nothingLearnt();
      throw e;
    }
  }

  private void answer(
      Call call, Principal principal, String messageId, MessagesRequest request, Passage passage) {
    ModelDescriptor model = passage.model();
    passage.insteadOf().ifPresent(id -> call.headers(Map.of("parley-model-fallback", id)));
    PromptFitting.Fitted fitted =
        PromptFitting.fit(request.conversation(), request.notices(), model);
    call.notice(fitted.notice());
    Accepted accepted = accepted(call, messageId, principal, model, request);
    GateContext context =
        new GateContext(accepted.requestId(), principal.organisationId(), model.id());
    switch (inputGuard.admit(context, fitted.prompt())) {
      case Admission.Refused(var refusal) -> {
        passage.nothingLearnt();
        Answer answer = answer(call, context, accepted, passage, request, Hold.NONE);
        call.deliver(answer);
        call.run(() -> answer.refuse(refusal));
      }
      case Admission.Admitted(AdmittedPrompt prompt) -> {
        Hold hold = enter(call, accepted, model, prompt, request);
        try {
          Answer answer = answer(call, context, accepted, passage, request, hold);
          GenerationListener listener = call.deliver(answer);
          generate(generation(context, accepted, prompt, request), answer, listener);
        } catch (RuntimeException e) {
          hold.release();
          throw e;
        }
      }
    }
  }

  private Accepted accepted(
      Call call,
      String messageId,
      Principal principal,
      ModelDescriptor model,
      MessagesRequest request) {
    return new Accepted(
        call.head().requestId(),
        messageId,
        principal,
        model.id(),
        call.endUser().or(request::endUser),
        call.serviceTier(),
        time.now().toEpochMilli(),
        request.conversation().cacheTtl());
  }

  private Hold enter(
      Call call,
      Accepted accepted,
      ModelDescriptor model,
      AdmittedPrompt prompt,
      MessagesRequest request) {
    int estimated = PromptSize.estimatedTokens(prompt.prompt());
    return turnstile.enter(accepted, model, estimated, request.maxTokens(), call::headers);
  }

  private Answer answer(
      Call call,
      GateContext context,
      Accepted accepted,
      Passage passage,
      MessagesRequest request,
      Hold hold) {
    long receivedNanos = call.head().receivedNanos();
    return new Answer(
        new AnswerHead(
            accepted.messageId(), accepted.modelId(), accepted.cacheTtl(), accepted.serviceTier()),
        outputGuard.open(context),
        call.writer(request.stream()),
        meters.answer(accepted.modelId(), receivedNanos),
        new Settlement(accepted, passage, hold, accounts, time, receivedNanos),
        call);
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
