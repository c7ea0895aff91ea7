package io.parley.ports.model;

import java.util.List;

/**
 * One call of a model.
 *
 * @param requestId for logs and traces
 * @param organisation whose request it is; its prompts share cached state with each other, and
 *     never with another organisation's
 * @param share what the organisation may have of the compute
 * @param modelId an id from {@link ModelDescriptor#id()}
 * @param maxTokens tokens to generate at most, at least 1; where the context has less room, the
 *     context ends the answer
 * @param stopSequences texts that end the answer, none empty; they are not part of it
 * @param serviceClass how urgent it is
 */
public record GenerationRequest(
    String requestId,
    String organisation,
    Share share,
    String modelId,
    Prompt prompt,
    int maxTokens,
    Sampling sampling,
    List<String> stopSequences,
    ServiceClass serviceClass) {
  public GenerationRequest {
    stopSequences = List.copyOf(stopSequences);
    if (maxTokens < 1) {
      throw new IllegalArgumentException("maxTokens must be at least 1: " + maxTokens);
    }
    if (stopSequences.stream().anyMatch(String::isEmpty)) {
      throw new IllegalArgumentException("a stop sequence must not be empty");
    }
  }

  /** A call that somebody waits for. */
  public GenerationRequest(
      String requestId,
      String organisation,
      Share share,
      String modelId,
      Prompt prompt,
      int maxTokens,
      Sampling sampling,
      List<String> stopSequences) {
    this(
        requestId,
        organisation,
        share,
        modelId,
        prompt,
        maxTokens,
        sampling,
        stopSequences,
        ServiceClass.INTERACTIVE);
  }

  /** A call of an organisation that is an equal of the others. */
  public GenerationRequest(
      String requestId,
      String organisation,
      String modelId,
      Prompt prompt,
      int maxTokens,
      Sampling sampling,
      List<String> stopSequences) {
    this(requestId, organisation, Share.EQUAL, modelId, prompt, maxTokens, sampling, stopSequences);
  }
}
