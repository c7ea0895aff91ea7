/**
 * One training run from its first step to its last: {@link io.parley.training.run.TrainingRun} puts
 * data, loss function, optimizer and checkpoints together, and {@link
 * io.parley.training.run.RunLog} keeps what happened. One thread. Nothing here knows of the command
 * line or of export.
 */
@NullMarked
package io.parley.training.run;

import org.jspecify.annotations.NullMarked;
