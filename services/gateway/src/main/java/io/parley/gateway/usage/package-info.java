/**
 * What requests took, what that costs, and the reports on both. {@link
 * io.parley.gateway.usage.UsageLedger} writes an event for each request, once, with its price;
 * {@link io.parley.gateway.usage.UsageReports} sums them up. Main type: {@link
 * io.parley.gateway.usage.UsageEvent}.
 *
 * <p>Tokens and amounts are whole numbers throughout: amounts are billionths of a currency, rounded
 * once, when an event is made; so every sum is exact. All of it is immutable or thread-safe; what
 * reads the database blocks. Knows of no HTTP, and of no way by which a request came.
 */
@NullMarked
package io.parley.gateway.usage;

import org.jspecify.annotations.NullMarked;
