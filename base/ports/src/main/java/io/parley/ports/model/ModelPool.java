package io.parley.ports.model;

import java.util.List;
import java.util.Optional;

/**
 * Models that generate text. All methods are thread-safe.
 *
 * <p>{@link #countTokens} and {@link #generate} render and tokenize the prompt on the calling
 * thread, which takes time that grows with its length: never call them on an event loop.
 */
public interface ModelPool {
  /** The models that are ready, newest first. */
  List<ModelDescriptor> models();

  /**
   * The model behind a name that a client gave: an id, or a name that the alias table maps to one.
   * Empty if there is none.
   */
  Optional<ModelDescriptor> find(String name);

  /**
   * How many tokens the model reads for this prompt, its chat template included.
   *
   * @param modelId an id from {@link ModelDescriptor#id()}
   * @throws io.parley.common.ParleyException INVALID_REQUEST if the model's template cannot render
   *     the prompt, REQUEST_TOO_LARGE if its texts are longer than a template takes, NOT_FOUND if
   *     there is no such model
   */
  int countTokens(String modelId, Prompt prompt);

  /**
   * Starts to generate and returns at once. The listener gets {@link GenerationEvent.Started} when
   * the model begins, then text, then exactly one {@link GenerationEvent.Ended}, and nothing after
   * it; see {@link GenerationListener} for its thread. Events may arrive before this method
   * returns. A generation for which there turns out to be no room ends with {@link
   * GenerationEvent.Failed} and OVERLOADED, without having started.
   *
   * @throws io.parley.common.ParleyException INVALID_REQUEST if the prompt fills the context by
   *     itself or cannot be rendered, REQUEST_TOO_LARGE if its texts are longer than a template
   *     takes, OVERLOADED if the intake is full, NOT_FOUND if there is no such model; the listener
   *     is then never called
   */
  Generation generate(GenerationRequest request, GenerationListener listener);
}
