/**
 * The gates that stand before and behind every model: an {@link io.parley.safety.InputGate} reads
 * each prompt, an {@link io.parley.safety.OutputGate} reads each answer while it is written.
 *
 * <p>The types make the gates unavoidable. Only {@link io.parley.safety.InputGuard} makes an {@link
 * io.parley.safety.AdmittedPrompt}, and only {@link io.parley.safety.OutputGuard} leads to a {@link
 * io.parley.safety.ReleasedText}: code that generates takes the one, code that writes to a client
 * takes the other. A gate that throws refuses, and one that goes on being late lets nothing
 * through.
 *
 * <p>Guards and gates are thread-safe; an {@link io.parley.safety.OutputScreen} belongs to one
 * answer and one thread at a time. Nothing here knows of HTTP, of a particular model, or of what a
 * refusal looks like to a client, and nothing logs a prompt or an answer.
 */
@NullMarked
package io.parley.safety;

import org.jspecify.annotations.NullMarked;
