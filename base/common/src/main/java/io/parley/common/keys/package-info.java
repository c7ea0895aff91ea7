/**
 * Secret keys as operators handle them: in a file or an environment variable, in base64, several at
 * a time, so that one can take the place of another. Main type: {@link
 * io.parley.common.keys.KeyRing}. Immutable. What keys are used for is for whoever has them.
 */
@NullMarked
package io.parley.common.keys;

import org.jspecify.annotations.NullMarked;
