package io.parley.simulation.calibration;

import io.parley.simulation.device.Work;

/**
 * A step to measure: some sequences that decode one token each, and one piece of a prompt.
 *
 * @param decoding sequences that decode, at least 0
 * @param context tokens that each of them has computed before
 * @param chunk tokens of the prompt in this step, at least 0
 * @param chunkStart tokens of it before
 */
record StepShape(int decoding, int context, int chunk, int chunkStart) {
  static StepShape decode(int sequences, int context) {
    return new StepShape(sequences, context, 0, 0);
  }

  static StepShape prefill(int chunk, int chunkStart) {
    return new StepShape(0, 0, chunk, chunkStart);
  }

  int tokens() {
    return decoding + chunk;
  }

  /** The longest context of a sequence. */
  int longest() {
    return Math.max(context + 1, chunk + chunkStart);
  }

  int sequences() {
    return decoding + (chunk > 0 ? 1 : 0);
  }

  Work work() {
    long decoded = (long) decoding * (context + 1);
    long chunkAttends = (long) chunk * chunkStart + (long) chunk * (chunk + 1) / 2;
    long chunkContext = chunk > 0 ? chunk + chunkStart : 0;
    return new Work(tokens(), sequences(), decoded + chunkAttends, decoded + chunkContext);
  }

  String describe() {
    String decode = decoding == 0 ? "" : "%d × decode at %d".formatted(decoding, context);
    String prefill = chunk == 0 ? "" : "prompt %d from %d".formatted(chunk, chunkStart);
    return decode + (decode.isEmpty() || prefill.isEmpty() ? "" : " + ") + prefill;
  }
}
