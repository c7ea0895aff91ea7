/**
 * The Llama architecture as a function to differentiate: its shape, the layout of its parameters in
 * one flat array, their initial values, and loss with gradient computed by libtorch.
 *
 * <p>The main type is {@link io.parley.training.llama.LlamaLoss}. An instance belongs to one
 * thread. Nothing here knows of optimizers, files, corpora or the command line.
 */
@NullMarked
package io.parley.training.llama;

import org.jspecify.annotations.NullMarked;
