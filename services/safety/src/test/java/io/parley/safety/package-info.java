@NullMarked
package io.parley.safety;

import org.jspecify.annotations.NullMarked;
