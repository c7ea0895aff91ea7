@NullMarked
package io.parley.safety.rules;

import org.jspecify.annotations.NullMarked;
