package io.parley.gateway.messages;

import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;
import io.parley.ports.model.ModelDescriptor;
import io.parley.ports.model.ModelPool;

/** The stage that finds the model behind the name that a client used. Thread-safe. */
public final class ModelNames {
  private final ModelPool models;

  public ModelNames(ModelPool models) {
    this.models = models;
  }

  /**
   * The model that answers to the name.
   *
   * @throws ParleyException NOT_FOUND if no model and no alias has the name
   */
  public ModelDescriptor resolve(String name) {
    return models
        .find(name)
        .orElseThrow(() -> new ParleyException(ErrorCode.NOT_FOUND, "model: " + name));
  }
}
