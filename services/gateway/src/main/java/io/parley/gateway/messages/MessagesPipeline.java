package io.parley.gateway.messages;

import io.parley.common.ParleyException;
import io.parley.common.Ulid;
import io.parley.gateway.Principal;
import io.parley.gateway.Scope;
import io.parley.ports.model.GenerationEvent;
import io.parley.ports.model.GenerationListener;
import io.parley.ports.model.GenerationRequest;
import io.parley.ports.model.ModelDescriptor;
import io.parley.ports.model.ModelPool;
import io.parley.ports.model.Share;
import io.parley.ports.model.Usage;
import io.parley.safety.Admission;
import io.parley.safety.AdmittedPrompt;
import io.parley.safety.GateContext;
import io.parley.safety.InputGuard;
import io.parley.safety.OutputGuard;

/**
 * The way of a request through the gateway, from top to bottom: authenticate, read, validate,
 * resolve the model, fit the prompt to it, pass the input gate, generate; from there the {@link
 * Answer} takes over, behind the output gate. Thread-safe; {@link #serve} blocks.
 */
public final class MessagesPipeline {
  private final Authentication authentication;
  private final RequestReader reader;
  private final ModelNames names;
  private final InputGuard inputGuard;
  private final ModelPool models;
  private final OutputGuard outputGuard;
  private final GatewayMeters meters;
  private final Ulid ids;

  public MessagesPipeline(
      Authentication authentication,
      RequestReader reader,
      ModelPool models,
      InputGuard inputGuard,
      OutputGuard outputGuard,
      GatewayMeters meters,
      Ulid ids) {
    this.authentication = authentication;
    this.reader = reader;
    this.names = new ModelNames(models);
    this.inputGuard = inputGuard;
    this.models = models;
    this.outputGuard = outputGuard;
    this.meters = meters;
    this.ids = ids;
  }

  /**
   * Serves one call. When it returns, the answer is on its way.
   *
   * @throws ParleyException when the call fails before there is anything to answer
   */
  public void serve(Call call) {
    Principal principal = authentication.principal(call.head(), Scope.MESSAGES);
    MessagesRequest request = reader.messages(call.body());
    ModelDescriptor model = names.resolve(request.model());
    PromptFitting.Fitted fitted =
        PromptFitting.fit(request.conversation(), request.notices(), model);
    call.notice(fitted.notice());
    GateContext context =
        new GateContext(call.head().requestId(), principal.organisationId(), model.id());
    Answer answer = answer(call, context, request);
    switch (inputGuard.admit(context, fitted.prompt())) {
      case Admission.Refused(var refusal) -> call.run(() -> answer.refuse(refusal));
      case Admission.Admitted(AdmittedPrompt prompt) ->
          generate(
              generation(context, principal.share(), prompt, request),
              answer,
              call.deliver(answer));
    }
  }

  private Answer answer(Call call, GateContext context, MessagesRequest request) {
    return new Answer(
        new AnswerHead("msg_" + ids.next(), context.modelId(), request.conversation().cacheTtl()),
        outputGuard.open(context),
        call.writer(request.stream()),
        meters.answer(context.modelId(), call.head().receivedNanos()));
  }

  /** The one place where a request for a generation is made, and it takes an admitted prompt. */
  private static GenerationRequest generation(
      GateContext context, Share share, AdmittedPrompt admitted, MessagesRequest request) {
    return new GenerationRequest(
        context.requestId(),
        context.organisationId(),
        share,
        context.modelId(),
        admitted.prompt(),
        request.maxTokens(),
        request.sampling(),
        request.stopSequences());
  }

  /** From here on the answer has its listener, so a refusal by the model goes the same way. */
  private void generate(GenerationRequest request, Answer answer, GenerationListener listener) {
    try {
      answer.attach(models.generate(request, listener));
    } catch (ParleyException e) {
      listener.on(
          new GenerationEvent.Failed(
              e.code(), String.valueOf(e.getMessage()), new Usage(0, 0), e.retryAfterMs()));
    }
  }
}
