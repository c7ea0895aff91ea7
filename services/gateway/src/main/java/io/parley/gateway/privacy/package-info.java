/**
 * What organisations want done with personal data, as the database has it. Main type: {@link
 * io.parley.gateway.privacy.StoredPolicies}, which is thread-safe and blocks on the database. Knows
 * of no HTTP, of no particular database, and not how personal data is found.
 */
@NullMarked
package io.parley.gateway.privacy;

import org.jspecify.annotations.NullMarked;
