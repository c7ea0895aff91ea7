@NullMarked
package io.parley.safety.pii;

import org.jspecify.annotations.NullMarked;
