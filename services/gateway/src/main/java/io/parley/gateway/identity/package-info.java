/**
 * Who sends a request: what keys look like and how one is told from a stranger's. Main type: {@link
 * io.parley.gateway.identity.KeyAuthenticator}, which is thread-safe and blocks on the database.
 * Knows of no HTTP, of no particular database, and of no way to make or change a key.
 */
@NullMarked
package io.parley.gateway.identity;

import org.jspecify.annotations.NullMarked;
