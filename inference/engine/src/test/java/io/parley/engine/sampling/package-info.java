@NullMarked
package io.parley.engine.sampling;

import org.jspecify.annotations.NullMarked;
