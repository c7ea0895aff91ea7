/**
 * Organisations and what belongs to them: workspaces, members, invites, keys, tiers, and a record
 * of every change. Main type: {@link io.parley.gateway.administration.Administration}. All of it is
 * thread-safe and blocks on the database.
 *
 * <p>Whoever acts for an organisation is an {@link io.parley.gateway.administration.Administrator};
 * every statement below takes the organisation from there, so that nobody reaches a row of another:
 * what belongs to another is as absent as what was never there. Knows of no HTTP and of no
 * particular database.
 */
@NullMarked
package io.parley.gateway.administration;

import org.jspecify.annotations.NullMarked;
