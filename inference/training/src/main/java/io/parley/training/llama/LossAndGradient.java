package io.parley.training.llama;

/**
 * What one pass over a batch says.
 *
 * @param loss weighted mean of the negative log-likelihoods, in nats
 * @param answerLoss plain mean over the targets of full weight, in nats; NaN if there are none
 * @param gradient derivative of {@code loss}, in layout order; valid until the next pass of the
 *     function that returned it
 */
@SuppressWarnings("ArrayRecordComponent") // Compared by nobody; copying would be waste.
public record LossAndGradient(double loss, double answerLoss, float[] gradient) {}
