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
    return count(call.body(), call::notice);
  }

  /**
   * The same, for somebody who needs no key.
   *
   * @param notice gets a line about what the model does not read; empty if that is nothing
   * @throws io.parley.common.ParleyException when the body is wrong
   */
  public int count(byte[] body, Consumer<String> notice) {
    CountTokensRequest request = reader.countTokens(body);
    ModelDescriptor model = names.resolve(request.model());
    PromptFitting.Fitted fitted =
        PromptFitting.fit(request.conversation(), request.notices(), model);
    notice.accept(fitted.notice());
    return models.countTokens(model.id(), fitted.prompt());
  }
}
