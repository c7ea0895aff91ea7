/**
 * What an organisation may take: requests and tokens a minute, requests at once, money a month.
 * Main type: {@link io.parley.gateway.limits.Limiter}, the {@link
 * io.parley.gateway.messages.Turnstile} that every request passes.
 *
 * <p>The arithmetic is {@link io.parley.gateway.limits.ModelAccount} and {@link
 * io.parley.gateway.limits.BudgetAccount} on {@link io.parley.gateway.limits.Allowance}: pure, in
 * whole numbers, without a clock. It runs inside of updates of an {@link
 * io.parley.ports.ephemeral.EphemeralStore}, so that replicas that share a store share the limits.
 * The limiter is thread-safe and may block; accounts belong to the update that opened them. Nothing
 * here knows of HTTP, of prices as rows, or of how usage is written down.
 */
@NullMarked
package io.parley.gateway.limits;

import org.jspecify.annotations.NullMarked;
