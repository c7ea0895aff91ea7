/**
 * The training program: {@link io.parley.training.cli.Main} and its commands. The one place of this
 * module that touches terminal, clock and arguments. Other packages must not know it.
 */
@NullMarked
package io.parley.training.cli;

import org.jspecify.annotations.NullMarked;
