/**
 * What turns gradients into better weights: {@link io.parley.training.optim.AdamW}, the learning
 * rate schedule, gradient clipping, and the {@link io.parley.training.optim.Collective} that adds
 * gradients over processes. Everything works on flat arrays; one thread. Nothing here knows of the
 * model.
 */
@NullMarked
package io.parley.training.optim;

import org.jspecify.annotations.NullMarked;
