/**
 * Guesses at the tokens that come next, so that one step can check several at once: {@link
 * io.parley.engine.speculation.PromptLookup} makes them, {@link
 * io.parley.engine.speculation.DraftLength} decides how many are worth checking. Pure arithmetic on
 * token ids; knows neither models nor the scheduler. Not thread-safe.
 */
@NullMarked
package io.parley.engine.speculation;

import org.jspecify.annotations.NullMarked;
