/**
 * Signing in at an OpenID provider. Main type: {@link io.parley.chat.oidc.OidcSignIn}. Thread-safe;
 * blocks on the provider. Knows of no HTTP server: somebody else sends people to the provider and
 * takes them back.
 */
@NullMarked
package io.parley.chat.oidc;

import org.jspecify.annotations.NullMarked;
