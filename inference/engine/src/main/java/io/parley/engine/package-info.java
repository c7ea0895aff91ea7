/**
 * The step machine that turns prompts into tokens: continuous batching over blocks of key-value
 * cache. Main types: {@link io.parley.engine.Engine}, which is one step at a time, and {@link
 * io.parley.engine.Scheduler}, which decides.
 *
 * <pre>{@code
 * plan   = scheduler.schedule(now)       // which sequences get which tokens: a pure decision
 * result = runner.run(plan)              // ModelRunner: kernels, or a pseudo-model in a test
 * events = scheduler.update(plan, result, now)
 * }</pre>
 *
 * <p>A sequence is {@code computedTokens} catching up with {@code totalTokens}; there is no prefill
 * phase and no decode phase. A step computes the next tokens of some sequences, a chunk of a prompt
 * for one and the last token of another, and whoever has caught up draws its next token.
 *
 * <p>{@code computedTokens} need not begin at 0: the prefix cache finds blocks in which an earlier
 * sequence of the same organisation has computed the same tokens.
 *
 * <p>Nothing here starts a thread, reads a clock or does I/O, and no class is thread-safe: one
 * thread owns an engine. The same classes therefore run in production and in a simulation with
 * virtual time, thousands of steps a second, each repeatable from a seed.
 *
 * <p>The package knows of no model format, tokenizer, service or transport, and not of the ports
 * either: it says with its own {@link io.parley.engine.EngineEvent events} and {@link
 * io.parley.engine.FinishReason reasons} what happened, by sequence number, so that a simulator
 * needs no listeners and a change of the port does not reach the scheduler. The serving module
 * translates.
 */
@NullMarked
package io.parley.engine;

import org.jspecify.annotations.NullMarked;
