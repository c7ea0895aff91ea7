/**
 * Strings of a fixed form. Main type: {@link io.parley.safety.shape.Shape}, which is immutable; who
 * matches it keeps the state, one number for each text. Knows of no gate and of no rule.
 */
@NullMarked
package io.parley.safety.shape;

import org.jspecify.annotations.NullMarked;
