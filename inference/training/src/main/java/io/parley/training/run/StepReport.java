package io.parley.training.run;

/**
 * What one step did.
 *
 * @param step number of the step, from 1
 * @param loss weighted loss of its batch before the update, in nats
 * @param answerLoss loss of the assistant's tokens alone, in nats
 * @param gradientNorm before clipping
 * @param tokens tokens in the batch, without padding
 * @param seconds time taken
 */
public record StepReport(
    long step,
    double loss,
    double answerLoss,
    double learningRate,
    double gradientNorm,
    int tokens,
    double seconds) {}
