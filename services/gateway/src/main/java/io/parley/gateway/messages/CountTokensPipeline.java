package io.parley.gateway.messages;

import io.parley.gateway.Scope;
import io.parley.ports.model.ModelDescriptor;
import io.parley.ports.model.ModelPool;
import java.util.function.Consumer;

/** The way of a request to count tokens. Thread-safe; {@link #count} blocks. */
public final class CountTokensPipeline {
  private final Authentication authentication;
  private final RequestReader reader;
  private final ModelPool models;
  private final ModelNames names;

  public CountTokensPipeline(
      Authentication authentication, RequestReader reader, ModelPool models) {
    this.authentication = authentication;
    this.reader = reader;
    this.models = models;
    this.names = new ModelNames(models);
  }

  /**
   * Tokens that the model would read, its template included.
   *
   * @throws io.parley.common.ParleyException when the call fails
   */
  public int count(Call call) {
    authentication.principal(call.head(), Scope.MESSAGES);
    return count(reader.countTokens(call.body()), call::notice);
  }

  /**
   * The same of a request for an answer, for somebody who needs no key.
   *
   * @throws io.parley.common.ParleyException when the body is wrong
   */
  public int countPrompt(byte[] body) {
    MessagesRequest request = reader.messages(body);
    return count(
        new CountTokensRequest(request.model(), request.conversation(), request.notices()),
        notice -> {});
  }

  private int count(CountTokensRequest request, Consumer<String> notice) {
    ModelDescriptor model = names.resolve(request.model());
    PromptFitting.Fitted fitted =
        PromptFitting.fit(request.conversation(), request.notices(), model);
    notice.accept(fitted.notice());
    return models.countTokens(model.id(), fitted.prompt());
  }
}
