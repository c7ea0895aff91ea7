/**
 * Organisations and their API keys. Main type: {@link io.parley.gateway.identity.ApiKeys}, which is
 * thread-safe and blocks on the database. Knows of no HTTP and of no particular database.
 */
@NullMarked
package io.parley.gateway.identity;

import org.jspecify.annotations.NullMarked;
